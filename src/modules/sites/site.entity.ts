import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Point } from '../../geo/index.js';
import type { AttributeValues } from '../attributes/index.js';

/** A telecom operator: of a network, or of masts. */
@Entity('operators')
export class OperatorEntity {
  @PrimaryColumn({ type: 'text' }) code: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', nullable: true }) brand: string | null;
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}

/** A mast and its plot. Field by field: `domain/site-model.ts`. */
@Entity('sites')
export class SiteEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'geography', spatialFeatureType: 'Point', srid: 4326 }) position: Point;
  @Column({ type: 'text', nullable: true }) address: string | null;
  @Column({ type: 'text', nullable: true }) structure: string | null;
  @Column({ type: 'text', nullable: true }) mastClass: string | null;
  @Column({ type: 'double precision', nullable: true }) structureHeightM: number | null;
  @Column({ type: 'text', nullable: true }) ownerCode: string | null;
  @Column({ type: 'text', array: true, default: '{}' }) tenantCodes: string[];
  @Column({ type: 'text', nullable: true }) power: string | null;
  @Column({ type: 'boolean', nullable: true }) hasGenerator: boolean | null;
  @Column({ type: 'double precision', nullable: true }) backupHours: number | null;
  @Column({ type: 'text', nullable: true }) backhaul: string | null;
  @Column({ type: 'double precision', nullable: true }) backhaulCapacityMbps: number | null;
  @Column({ type: 'text', nullable: true }) backhaulGroup: string | null;
  @Column({ type: 'text', nullable: true }) powerGroup: string | null;
  @Column({ type: 'text' }) lifecycle: string;
  @Column({ type: 'text', nullable: true }) lifecycleReason: string | null;
  @Column({ type: 'text', nullable: true }) lifecycleNote: string | null;
  @Column({ type: 'text', nullable: true }) certificateNumber: string | null;
  @Column({ type: 'date', nullable: true }) certificateExpiresOn: string | null;
  @Column({ type: 'text' }) confidence: string;
  @Column({ type: 'date', nullable: true }) lastVerifiedOn: string | null;
  @Column({ type: 'text', array: true, default: '{}' }) assumedFields: string[];
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'jsonb', default: {} }) attributes: AttributeValues;
  @Column({ type: 'int', default: 1 }) version: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}

/** One sector of one carrier on a site. */
@Entity('cells')
export class CellEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'uuid' }) siteId: string;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text' }) operatorCode: string;
  @Column({ type: 'text' }) technology: string;
  @Column({ type: 'text', nullable: true }) band: string | null;
  @Column({ type: 'double precision', nullable: true }) frequencyMhz: number | null;
  @Column({ type: 'double precision', nullable: true }) bandwidthMhz: number | null;
  @Column({ type: 'double precision', nullable: true }) azimuthDeg: number | null;
  @Column({ type: 'double precision', nullable: true }) horizontalBeamwidthDeg: number | null;
  @Column({ type: 'double precision', nullable: true }) verticalBeamwidthDeg: number | null;
  @Column({ type: 'double precision', nullable: true }) mechanicalTiltDeg: number | null;
  @Column({ type: 'double precision', nullable: true }) electricalTiltDeg: number | null;
  @Column({ type: 'double precision', nullable: true }) antennaHeightM: number | null;
  @Column({ type: 'double precision', nullable: true }) txPowerDbm: number | null;
  @Column({ type: 'double precision', nullable: true }) referenceEirpDbm: number | null;
  @Column({ type: 'double precision', nullable: true }) gainDbi: number | null;
  @Column({ type: 'double precision', nullable: true }) feederLossDb: number | null;
  @Column({ type: 'int', nullable: true }) physicalCellId: number | null;
  @Column({ type: 'date', nullable: true }) onAirSince: string | null;
  @Column({ type: 'date', nullable: true }) onAirUntil: string | null;
  @Column({ type: 'text', array: true, default: '{}' }) assumedFields: string[];
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'jsonb', default: {} }) attributes: AttributeValues;
}
