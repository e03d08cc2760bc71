import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { ReachChangesDto } from './reach-request.dto.js';

/** As many as an int of the database holds. */
const LAST_VERSION = 2_147_483_647;

export class ChangeReachSettingsDto extends ReachChangesDto {
  @ApiProperty({ example: 'measured by the department, May 2025', description: 'Who says so' })
  @IsString()
  @IsNotEmpty()
  @Matches(/\S/)
  @MaxLength(500)
  source: string;

  @ApiPropertyOptional({
    example: 0,
    description: 'The version that the change is based on; another one answers 409',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LAST_VERSION)
  version?: number;
}

export const REACH_SETTINGS_EXAMPLE = {
  version: 1,
  source: 'measured by the department, May 2025',
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
  settledFromPerKm2: 200,
  reckoning: {
    earHeightM: 1.5,
    margin: { marginDb: 12, source: 'measured by the department, May 2025', assumed: false },
    maxRangeM: 3000,
  },
};

export class ReachSettingsDto {
  @ApiProperty({ example: 1, description: '0: as delivered' }) version: number;
  @ApiProperty({ example: REACH_SETTINGS_EXAMPLE.source, description: 'Who says what it changed' })
  source: string;
  @ApiProperty({ type: String, nullable: true, example: 'admin' }) createdBy: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: REACH_SETTINGS_EXAMPLE.createdAt,
  })
  createdAt: Date | null;
  @ApiProperty({ example: 200, description: 'Ground with fewer people per km² is no silent spot' })
  settledFromPerKm2: number;
  @ApiProperty({
    type: Object,
    example: REACH_SETTINGS_EXAMPLE.reckoning,
    description: 'Air, ear, speech, horns, margin, noise and ground by land cover, each with its source',
  })
  reckoning: object;
}
