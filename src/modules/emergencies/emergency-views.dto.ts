import { ApiProperty } from '@nestjs/swagger';
import { EmergencyTargetDto, SHA256 } from './emergency.dto.js';
import {
  HAZARD_CODES,
  KINDS,
  TEMPLATE_USES,
  type EmergencyKind,
  type Hazard,
  type TemplateUse,
} from './domain/hazards.js';
import {
  EMERGENCY_STATES,
  type EmergencyState,
  type EmergencySummary,
  type EmergencyView,
} from './emergency.types.js';
import type { EmergencyTemplate } from './templates.service.js';

const DATE = { type: String, format: 'date-time' } as const;
const DATE_OR_NULL = { ...DATE, nullable: true } as const;
const HAZARD = { enum: HAZARD_CODES, enumName: 'Hazard' } as const;

class UnitCountDto {
  @ApiProperty() code: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: 'integer' }) clusters: number;
}
class SummaryDto implements EmergencySummary {
  @ApiProperty({ type: 'integer' }) clusters: number;
  @ApiProperty({ type: 'integer' }) online: number;
  @ApiProperty({ type: 'integer' }) offline: number;
  @ApiProperty({ type: 'integer', description: 'Have never been heard' }) unheard: number;
  @ApiProperty({ type: [UnitCountDto] }) units: UnitCountDto[];
  @ApiProperty({ type: 'integer', nullable: true, description: 'Of those units; null when not known of any' })
  people: number | null;
}

export class EmergencyDto implements EmergencyView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: KINDS }) kind: EmergencyKind;
  @ApiProperty({ ...HAZARD, nullable: true }) hazard: Hazard | null;
  @ApiProperty({ type: 'integer', nullable: true }) level: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of the level' }) colour: string | null;
  @ApiProperty({ description: 'Of a drill it begins with [DIỄN TẬP]' }) title: string;
  @ApiProperty() drill: boolean;
  @ApiProperty() sha256: string;
  @ApiProperty({ type: EmergencyTargetDto }) target: EmergencyTargetDto;
  @ApiProperty({ type: SummaryDto, description: 'As it was when it was prepared' }) summary: SummaryDto;
  @ApiProperty({ type: 'integer' }) repeat: number;
  @ApiProperty() gapS: number;
  @ApiProperty({ type: 'integer', nullable: true }) volumePercent: number | null;
  @ApiProperty({ type: 'integer' }) validS: number;
  @ApiProperty() reason: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'What an all-clear ends' })
  aboutId: string | null;
  @ApiProperty({ enum: EMERGENCY_STATES }) state: EmergencyState;
  @ApiProperty(DATE) preparedAt: Date;
  @ApiProperty() preparedBy: string;
  @ApiProperty(DATE) expiresAt: Date;
  @ApiProperty(DATE_OR_NULL) confirmedAt: Date | null;
  @ApiProperty({ type: String, nullable: true }) confirmedBy: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) broadcastId: string | null;
}

export class PreparedDto {
  @ApiProperty({ type: EmergencyDto }) emergency: EmergencyDto;
  @ApiProperty({ description: 'Told this once; who confirms must give it' }) confirmationCode: string;
}

class HazardDto {
  @ApiProperty(HAZARD) code: Hazard;
  @ApiProperty() vi: string;
  @ApiProperty() en: string;
}
class LevelDto {
  @ApiProperty({ type: 'integer' }) level: number;
  @ApiProperty() colour: string;
  @ApiProperty() vi: string;
  @ApiProperty() en: string;
}
export class CatalogueDto {
  @ApiProperty({ type: [HazardDto] }) hazards: HazardDto[];
  @ApiProperty({ type: [LevelDto] }) levels: LevelDto[];
}
export class TemplateDto implements EmergencyTemplate {
  @ApiProperty(HAZARD) hazard: Hazard;
  @ApiProperty({ type: 'integer' }) level: number;
  @ApiProperty({ enum: TEMPLATE_USES }) use: TemplateUse;
  @ApiProperty() sha256: string;
  @ApiProperty(DATE) updatedAt: Date;
  @ApiProperty() updatedBy: string;
}

export const EMERGENCY_EXAMPLE = {
  id: '5f0c3c1e-9a53-4a8f-b6a0-3a51b5f4d0c2',
  kind: 'ALERT',
  hazard: 'storm',
  level: 4,
  colour: '#e53935',
  title: 'Cảnh báo: Bão cấp độ 4',
  drill: false,
  sha256: SHA256,
  target: { areas: ['31318'] },
  summary: {
    clusters: 12,
    online: 11,
    offline: 1,
    unheard: 0,
    units: [{ code: '31318', name: 'Xã Vị Tân', clusters: 12 }],
    people: 9120,
  },
  repeat: 3,
  gapS: 5,
  volumePercent: null,
  validS: 300,
  reason: 'Bản tin bão khẩn cấp của Đài KTTV, 14 giờ',
  aboutId: null,
  state: 'PREPARED',
  preparedAt: '2026-10-02T07:01:10.000Z',
  preparedBy: 'nguyen.van.a',
  expiresAt: '2026-10-02T07:06:10.000Z',
  confirmedAt: null,
  confirmedBy: null,
  broadcastId: null,
};
export const AIRED_EXAMPLE = {
  ...EMERGENCY_EXAMPLE,
  state: 'RUNNING',
  confirmedAt: '2026-10-02T07:01:31.000Z',
  confirmedBy: 'tran.thi.b',
  broadcastId: '0b5a3b0e-6f0a-4f57-8c39-0b3f6f1f7a11',
};
export const TEMPLATE_EXAMPLE = {
  hazard: 'storm',
  level: 4,
  use: 'ALERT',
  sha256: SHA256,
  updatedAt: '2026-05-04T02:00:00.000Z',
  updatedBy: 'nguyen.van.a',
};
