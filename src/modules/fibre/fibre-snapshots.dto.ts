import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { SHA256 } from './fibre-plan.dto.js';
import { FIBRE_EXAMPLE, FibreDto, FibreFiguresDto } from './fibre.dto.js';

const MOST_ROWS = 10_000;

export class FibreSnapshotDto {
  @ApiProperty({ format: 'uuid', example: '2f6b7a58-8f37-4d5a-9c7e-3e0d1c2b4a11' }) id: string;
  @ApiProperty({ example: '2025Q2' }) quarter: string;
  @ApiProperty({ example: 2 }) version: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 1,
    description: 'The version it corrects; null: the first',
  })
  predecessor: number | null;
  @ApiProperty({ type: String, nullable: true, example: 'VNPT báo cáo lại Phường I' }) reason: string | null;
  @ApiProperty({ example: 150 }) rows: number;
  @ApiProperty({
    example: SHA256,
    description:
      'SHA-256 of the rows: one JSON array per line, without blanks, in the order of the rows: quarter, commune code and name, ' +
      'hamlet code and name, units above ([[code, name], …]), operator, households, passed, connected, passed25Mbps, ' +
      'passed100Mbps, source, and of rows with custom attributes those ([[name, value], …], by name)',
  })
  sha256: string;
  @ApiProperty({ format: 'date-time', example: '2025-07-15T02:00:00.000Z' }) madeAt: Date;
  @ApiProperty({ example: 'admin' }) madeBy: string;
}
export const SNAPSHOT_EXAMPLE = {
  id: '2f6b7a58-8f37-4d5a-9c7e-3e0d1c2b4a11',
  quarter: '2025Q2',
  version: 2,
  predecessor: 1,
  reason: 'VNPT báo cáo lại Phường I',
  rows: 150,
  sha256: SHA256,
  madeAt: '2025-07-15T02:00:00.000Z',
  madeBy: 'admin',
};

export class CheckedSnapshotDto extends FibreSnapshotDto {
  @ApiProperty({ example: true, description: 'The rows still have the sum they were kept with' })
  intact: boolean;
}

export class FibreSnapshotsDto {
  @ApiProperty({ type: [FibreSnapshotDto] }) items: FibreSnapshotDto[];
}

class ParentDto {
  @ApiProperty({ example: '930' }) code: string;
  @ApiProperty({ example: 'Thành phố Vị Thanh' }) name: string;
}

export class SnapshotEntryDto extends FibreDto {
  @ApiProperty({ example: 1, description: 'Place in the snapshot' }) nr: number;
  @ApiProperty({ type: [ParentDto], description: 'Units above the commune as they were, from below' })
  parents: ParentDto[];
}
export const ENTRY_EXAMPLE = {
  ...FIBRE_EXAMPLE,
  nr: 1,
  parents: [
    { code: '930', name: 'Thành phố Vị Thanh' },
    { code: '93', name: 'Tỉnh Hậu Giang' },
  ],
};

export class CorrectionKeyDto {
  @ApiProperty({ example: '31318' }) @IsString() @MaxLength(40) communeCode: string;
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Left out: the commune as a whole' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  hamletCode?: string | null;
  @ApiProperty({ example: 'vnpt' }) @IsString() @MaxLength(40) operatorCode: string;
}

class CorrectedRowDto extends FibreFiguresDto {
  @ApiProperty({ example: '31318' }) @IsString() @MaxLength(40) communeCode: string;
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Left out: the commune as a whole' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  hamletCode?: string | null;
  @ApiProperty({ example: 'vnpt' }) @IsString() @MaxLength(40) operatorCode: string;
}

export class CorrectionDto {
  @ApiProperty({ example: 1, description: 'The version that is corrected: the latest' })
  @IsInt()
  @Min(1)
  predecessor: number;
  @ApiProperty({ example: 'VNPT báo cáo lại Phường I' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1000)
  reason: string;
  @ApiProperty({ type: [CorrectedRowDto], description: 'Rows as they are right' })
  @IsArray()
  @ArrayMaxSize(MOST_ROWS)
  @ValidateNested({ each: true })
  @Type(() => CorrectedRowDto)
  rows: CorrectedRowDto[];
  @ApiPropertyOptional({ type: [CorrectionKeyDto], description: 'Rows that should not be there' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ROWS)
  @ValidateNested({ each: true })
  @Type(() => CorrectionKeyDto)
  remove?: CorrectionKeyDto[];
}
