import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserRole } from '../permissions.js';

@Entity('users')
export class UserEntity {
  @PrimaryColumn({ type: 'uuid', default: () => 'gen_random_uuid()' }) id: string;
  @Column({ type: 'text' }) username: string;
  @Column({ type: 'text' }) displayName: string;
  /** argon2id; leaves this module never. */
  @Column({ type: 'text' }) passwordHash: string;
  @Column({ type: 'text', array: true }) roles: UserRole[];
  /** An area's id; null: everywhere. */
  @Column({ type: 'uuid', nullable: true }) jurisdictionAreaId: string | null;
  @Column({ type: 'boolean', default: true }) active: boolean;
  /** Access tokens carry it; raising it voids those handed out before. */
  @Column({ type: 'int', default: 1 }) tokenVersion: number;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', default: () => 'now()' }) updatedAt: Date;
}
