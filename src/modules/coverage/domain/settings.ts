import { defaultParameters } from './defaults.js';
import { checkWorldCover, DEFAULT_WORLD_COVER, type WorldCoverRule } from './ground/world-cover.js';
import { checkParameters, CoverageInputError, type RunParameters } from './parameters.js';

/** What an administrator configures: all that runs take by default, but for where they look and how closely. */
export type RunDefaults = ParameterDefaults & {
  /** What the classes of land-cover sources without a mapping of their own stand for. */
  worldCover: WorldCoverRule;
};
type ParameterDefaults = Omit<RunParameters, 'resolution' | 'place' | 'probability'>;

/** Those that are parameters of a run. */
export function parameterDefaults({ worldCover: _worldCover, ...values }: RunDefaults): ParameterDefaults {
  return values;
}

/** A version of the defaults. Version 0 is what the program is delivered with. */
export interface CoverageDefaults {
  version: number;
  values: RunDefaults;
  /** Who says so, by path (`thresholds.4G.sufficientDbm`), for every value that was ever changed. */
  sources: Readonly<Record<string, string>>;
}

/** As delivered; each value with an origin says so itself. A new object each time. */
export function deliveredDefaults(): CoverageDefaults {
  const {
    resolution: _resolution,
    place: _place,
    probability: _probability,
    ...values
  } = defaultParameters();
  return { version: 0, values: { ...values, worldCover: structuredClone(DEFAULT_WORLD_COVER) }, sources: {} };
}

type Branch = Record<string, unknown>;

/** Written by the change itself, never by whoever changes. */
const KEPT = new Set(['source', 'assumed', 'metric']);

/**
 * The next version of the defaults. `changes` has the shape of the values, with only what is to change; a group with an origin of its
 * own (a threshold, a cut-off) takes on the change's `source` and is no longer assumed.
 *
 * @throws CoverageInputError for a name that there is not, a value of another kind, and what no run can be reckoned from.
 */
export function changeDefaults(
  current: CoverageDefaults,
  changes: unknown,
  source: string,
): { next: CoverageDefaults; changed: string[] } {
  const values = structuredClone(current.values);
  const changed: string[] = [];
  merge(values, changes, '');
  checkParameters({ ...defaultParameters(), ...parameterDefaults(values) });
  checkWorldCover(values.worldCover);
  const sources = { ...current.sources, ...Object.fromEntries(changed.map((path) => [path, source])) };
  return { next: { version: current.version + 1, values, sources }, changed };

  function merge(into: Branch, from: unknown, path: string): void {
    if (!isBranch(from)) throw wrongKind(path || 'changes', 'an object', 'là một đối tượng');
    const before = changed.length;
    for (const [key, value] of Object.entries(from)) {
      const at = path ? `${path}.${key}` : key;
      if (!Object.hasOwn(into, key) || KEPT.has(key)) throw unknownName(at);
      const old = into[key];
      if (isBranch(old)) {
        merge(old, value, at);
        continue;
      }
      if (!sameKind(key, old, value)) throw wrongKind(at, ...KIND_NAMES[kindOf(key, old)]);
      if (value === old) continue;
      into[key] = value;
      changed.push(at);
    }
    if (changed.length === before || !Object.hasOwn(into, 'assumed')) return;
    into.source = source;
    into.assumed = false;
  }
}

/** The stored values; what a later version of the program has more of is as delivered. */
export function completeDefaults(stored: Partial<RunDefaults>): RunDefaults {
  return { ...deliveredDefaults().values, ...stored };
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Kind = 'number' | 'number or null' | 'text';
const KIND_NAMES: Record<Kind, [en: string, vi: string]> = {
  number: ['a number', 'là một số'],
  'number or null': ['a number or null', 'là một số hoặc null'],
  text: ['text', 'là văn bản'],
};

/** A height that nobody knows is null until somebody does, and may become unknown again. */
function kindOf(key: string, old: unknown): Kind {
  if (key === 'antennaHeightM') return 'number or null';
  return typeof old === 'number' ? 'number' : 'text';
}

function sameKind(key: string, old: unknown, value: unknown): boolean {
  const kind = kindOf(key, old);
  if (kind === 'text') return typeof value === 'string';
  return Number.isFinite(value) || (kind === 'number or null' && value === null);
}

function unknownName(path: string): CoverageInputError {
  return new CoverageInputError(
    `parameters.${path}`,
    `There is no parameter ${path} to set.`,
    `Không có tham số ${path} để đặt.`,
  );
}

function wrongKind(path: string, en: string, vi: string): CoverageInputError {
  return new CoverageInputError(
    `parameters.${path}`,
    `The parameter ${path} must be ${en}.`,
    `Tham số ${path} phải ${vi}.`,
  );
}
