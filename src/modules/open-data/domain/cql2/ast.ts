/** The filter language CQL2 (OGC 21-065r2), in the shape that its JSON encoding has: parsing text gives the same tree. */
export type Cql2Expression =
  | boolean
  | { op: 'and' | 'or'; args: Cql2Expression[] }
  | { op: 'not'; args: [Cql2Expression] }
  | { op: Comparison; args: [Cql2Scalar, Cql2Scalar] }
  | { op: 'like'; args: [Cql2Text, Cql2Text] }
  | { op: 'between'; args: [Cql2Scalar, Cql2Scalar, Cql2Scalar] }
  | { op: 'in'; args: [Cql2Scalar, Cql2Scalar[]] }
  | { op: 'isNull'; args: [Cql2Scalar] }
  | { op: SpatialOperator; args: [Cql2Spatial, Cql2Spatial] }
  | { op: TemporalOperator; args: [Cql2Property, Cql2Moment] };

export const COMPARISONS = ['=', '<>', '<', '>', '<=', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const SPATIAL_OPERATORS = ['s_intersects', 's_within', 's_contains', 's_disjoint'] as const;
export type SpatialOperator = (typeof SPATIAL_OPERATORS)[number];
export const TEMPORAL_OPERATORS = ['t_after', 't_before', 't_during', 't_intersects', 't_equals'] as const;
export type TemporalOperator = (typeof TEMPORAL_OPERATORS)[number];
export const TEXT_FUNCTIONS = ['casei', 'accenti'] as const;
export type TextFunction = (typeof TEXT_FUNCTIONS)[number];

export interface Cql2Property {
  property: string;
}
/** Without regard to letter case (casei) or to marks (accenti). */
export interface Cql2Folded {
  op: TextFunction;
  args: [Cql2Text];
}
export type Cql2Text = string | Cql2Property | Cql2Folded;
export type Cql2Instant = { date: string } | { timestamp: string };
/** An end of `..` is open. */
export interface Cql2Interval {
  interval: [string, string];
}
export type Cql2Moment = Cql2Instant | Cql2Interval;
export type Cql2Scalar = string | number | boolean | Cql2Property | Cql2Folded | Cql2Instant;
export type Cql2Position = [number, number];
export type Cql2Geometry =
  | { type: 'Point'; coordinates: Cql2Position }
  | { type: 'LineString'; coordinates: Cql2Position[] }
  | { type: 'Polygon'; coordinates: Cql2Position[][] }
  | { type: 'MultiPolygon'; coordinates: Cql2Position[][][] };
export type Cql2Spatial = Cql2Property | Cql2Geometry | { bbox: [number, number, number, number] };

/** A filter that was read, with the place of each of its objects in what was given. */
export interface Cql2Filter {
  root: Cql2Expression;
  /** Character of the text (from 1) or path in the JSON. */
  placeOf: WeakMap<object, Cql2Place>;
}
export type Cql2Place = number | string;

/** The one error that reading a filter ends with. */
export class Cql2Error extends Error {
  constructor(
    /** Character of the text (from 1), path in the JSON, or nothing when all of it is meant. */
    readonly place: Cql2Place | undefined,
    readonly en: string,
    readonly vi: string,
  ) {
    super(en);
  }
}

export const LONGEST_FILTER = 10_000;
export const DEEPEST_FILTER = 32;
