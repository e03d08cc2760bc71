import type { AttributeValues } from '../attributes/index.js';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Fibre of one operator in one commune, or in one hamlet of it, at the end of a quarter. */
@Entity('fibre_coverage')
export class FibreEntity {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'uuid' }) areaId: string;
  /** Null: the commune as a whole. */
  @Column({ type: 'uuid', nullable: true }) hamletId: string | null;
  @Column({ type: 'text' }) operatorCode: string;
  @Column({ type: 'text' }) quarter: string;
  @Column({ type: 'int' }) households: number;
  @Column({ type: 'int' }) passed: number;
  @Column({ type: 'int' }) connected: number;
  @Column({ type: 'int', nullable: true, name: 'passed_25_mbps' }) passed25Mbps: number | null;
  @Column({ type: 'int', nullable: true, name: 'passed_100_mbps' }) passed100Mbps: number | null;
  @Column({ type: 'text', nullable: true }) source: string | null;
  @Column({ type: 'jsonb', default: {} }) attributes: AttributeValues;
  @Column({ type: 'int', default: 1 }) version: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}
