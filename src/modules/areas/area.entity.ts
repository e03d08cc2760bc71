import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AttributeValues } from '../attributes/index.js';
import type { AreaGeometry } from '../../geo/index.js';

/** A period of an administrative unit. The code comes back with another period, name or boundary. */
@Entity('areas')
export class AreaEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text' }) kind: string;
  @Column({ type: 'text' }) type: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) fullName: string;
  @Column({ type: 'uuid', nullable: true }) parentId: string | null;
  @Column({ type: 'date' }) validFrom: string;
  @Column({ type: 'date', nullable: true }) validTo: string | null;
  @Column({
    type: 'geography',
    spatialFeatureType: 'MultiPolygon',
    srid: 4326,
    nullable: true,
    select: false,
  })
  boundary: AreaGeometry | null;
  @Column({ type: 'double precision', nullable: true }) areaKm2: number | null;
  @Column({ type: 'int', nullable: true }) population: number | null;
  @Column({ type: 'text', default: 'unknown' }) populationBasis: string;
  @Column({ type: 'int', nullable: true }) households: number | null;
  @Column({ type: 'text', default: 'unknown' }) householdsBasis: string;
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'jsonb', default: {} }) attributes: AttributeValues;
  @Column({ type: 'int', default: 1 }) version: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}
