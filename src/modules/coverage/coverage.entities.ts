import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** The packed grid of a set of boundaries at a resolution. */
@Entity('coverage_grids')
export class CoverageGridEntity {
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ type: 'int' }) resolution: number;
  @Column({ type: 'int' }) cells: number;
  @Column({ type: 'bytea', select: false }) data: Buffer;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
}

/** A run: what was asked for, how it came about, and in which state it is. */
@Entity('coverage_runs')
export class CoverageRunEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'uuid', nullable: true }) jobId: string | null;
  @Column({ type: 'text', default: 'queued' }) state: string;
  @Column({ type: 'jsonb' }) parameters: object;
  @Column({ type: 'jsonb', nullable: true }) manifest: object | null;
  @Column({ type: 'jsonb', default: [] }) warnings: object[];
  @Column({ type: 'jsonb', nullable: true }) error: object | null;
  @Column({ type: 'date' }) boundaryDate: string;
  @Column({ type: 'int' }) resolution: number;
  @Column({ type: 'text', nullable: true }) dataVersion: string | null;
  @Column({ type: 'text', nullable: true }) gridKey: string | null;
  @Column({ type: 'text' }) createdBy: string;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}

/** What is covered of a unit, in one view of a run. Null technology or operator: by any. */
@Entity('coverage_figures')
export class CoverageFigureEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column({ type: 'uuid' }) runId: string;
  @Column({ type: 'uuid' }) areaId: string;
  @Column({ type: 'text' }) areaCode: string;
  @Column({ type: 'text' }) areaKind: string;
  @Column({ type: 'text', nullable: true }) technology: string | null;
  @Column({ type: 'text', nullable: true }) operator: string | null;
  @Column({ type: 'text' }) environment: string;
  @Column({ type: 'double precision' }) probability: number;
  @Column({ type: 'double precision' }) areaKm2: number;
  @Column({ type: 'double precision' }) areaCoveredKm2: number;
  @Column({ type: 'double precision', nullable: true }) population: number | null;
  @Column({ type: 'double precision', nullable: true }) populationCovered: number | null;
  @Column({ type: 'double precision', nullable: true }) households: number | null;
  @Column({ type: 'double precision', nullable: true }) householdsCovered: number | null;
  @Column({ type: 'int' }) communes: number;
  @Column({ type: 'int' }) communesWithoutPopulation: number;
  @Column({ type: 'int' }) communesWithoutHouseholds: number;
}

/** The packed levels of one operator's network of one technology. */
@Entity('coverage_layers')
export class CoverageLayerEntity {
  @PrimaryColumn({ type: 'uuid' }) runId: string;
  @PrimaryColumn({ type: 'text' }) environment: string;
  @PrimaryColumn({ type: 'double precision' }) probability: number;
  @PrimaryColumn({ type: 'text' }) technology: string;
  @PrimaryColumn({ type: 'text' }) operator: string;
  @Column({ type: 'bytea', select: false }) data: Buffer;
}

/** The packed list of transmitters that the layers' best servers point into. */
@Entity('coverage_transmitters')
export class CoverageTransmittersEntity {
  @PrimaryColumn({ type: 'uuid' }) runId: string;
  @Column({ type: 'int' }) transmitters: number;
  @Column({ type: 'bytea', select: false }) data: Buffer;
}
