import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

/** As many as an int of the database holds. */
const LAST_VERSION = 2_147_483_647;

export const SETTINGS_VERSION_EXAMPLE = {
  version: 1,
  changed: ['thresholds.4G.sufficientDbm'],
  source: 'Công văn 1603/BTTTT-CVT',
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
};

export const SETTINGS_EXAMPLE = {
  ...SETTINGS_VERSION_EXAMPLE,
  values: {
    shadowSigmaDb: 8,
    mobileHeightM: 1.5,
    thresholds: {
      '4G': {
        metric: 'RSRP',
        sufficientDbm: -108,
        goodDbm: -105,
        veryGoodDbm: -95,
        source: 'Công văn 1603/BTTTT-CVT',
        assumed: false,
      },
    },
  },
  sources: { 'thresholds.4G.sufficientDbm': 'Công văn 1603/BTTTT-CVT' },
};

export class SettingsVersionDto {
  @ApiProperty({ example: 1, description: '0: as delivered' }) version: number;
  @ApiProperty({ type: [String], example: SETTINGS_EXAMPLE.changed, description: 'Paths of what it changed' })
  changed: string[];
  @ApiProperty({ example: SETTINGS_EXAMPLE.source, description: 'Who says so' }) source: string;
  @ApiProperty({ type: String, nullable: true, example: 'admin' }) createdBy: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: SETTINGS_VERSION_EXAMPLE.createdAt,
  })
  createdAt: Date | null;
}

export class SettingsDto extends SettingsVersionDto {
  @ApiProperty({
    type: Object,
    example: SETTINGS_EXAMPLE.values,
    description:
      'Thresholds, models, surroundings and buildings by land cover, values assumed of cells, cut-offs, shadowing, how people are spread',
  })
  values: object;
  @ApiProperty({
    type: Object,
    example: SETTINGS_EXAMPLE.sources,
    description: 'By path, for every value that was ever changed',
  })
  sources: object;
}

export class SettingsQuery {
  @ApiPropertyOptional({ minimum: 0, example: 1, description: 'An earlier version; default: the newest' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LAST_VERSION)
  version?: number;
}

export class ChangeSettingsDto {
  @ApiProperty({
    type: Object,
    example: { thresholds: { '4G': { sufficientDbm: -108 } } },
    description: 'The shape of the values, with only what is to change',
  })
  @IsObject()
  changes: object;

  @ApiProperty({
    example: 'Công văn 1603/BTTTT-CVT',
    maxLength: 500,
    description: 'Where the new values are from',
  })
  @IsString()
  @IsNotEmpty()
  @Matches(/\S/)
  @MaxLength(500)
  source: string;

  @ApiPropertyOptional({
    minimum: 0,
    example: 0,
    description: 'The version that the change is based on; 409 when there is a newer one',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LAST_VERSION)
  version?: number;
}
