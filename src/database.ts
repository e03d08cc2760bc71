import type { EntityTarget } from 'typeorm';
import { AreaEntity } from './modules/areas/index.js';
import {
  CoverageFigureEntity,
  CoverageGridEntity,
  CoverageLayerEntity,
  CoverageRunEntity,
  CoverageTransmittersEntity,
} from './modules/coverage/index.js';
import { FibreEntity } from './modules/fibre/index.js';
import { HamletEntity } from './modules/hamlets/index.js';
import { UserEntity } from './modules/identity/index.js';
import { CellEntity, OperatorEntity, SiteEntity } from './modules/sites/index.js';

/** Every table that is read or written through an entity. */
export const entities: EntityTarget<object>[] = [
  UserEntity,
  AreaEntity,
  HamletEntity,
  OperatorEntity,
  SiteEntity,
  CellEntity,
  FibreEntity,
  CoverageGridEntity,
  CoverageRunEntity,
  CoverageFigureEntity,
  CoverageLayerEntity,
  CoverageTransmittersEntity,
];
