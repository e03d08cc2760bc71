import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { AttributeValues } from '../attributes/index.js';
import type { Point } from '../../geo/index.js';

/** A hamlet (ấp, khu vực). Field by field: `domain/hamlet-rules.ts`. */
@Entity('hamlets')
export class HamletEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) kind: string;
  @Column({ type: 'geography', spatialFeatureType: 'Point', srid: 4326 }) position: Point;
  @Column({ type: 'int', nullable: true }) households: number | null;
  @Column({ type: 'int', nullable: true }) population: number | null;
  @Column({ type: 'text', nullable: true }) signal: string | null;
  @Column({ type: 'date', nullable: true }) signalReportedOn: string | null;
  @Column({ type: 'text', nullable: true }) signalSource: string | null;
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'jsonb', default: {} }) attributes: AttributeValues;
  @Column({ type: 'int', default: 1 }) version: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}
