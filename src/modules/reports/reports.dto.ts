import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { isIsoDate } from '../areas/index.js';
import { daysOf, periodOfDays, periodOfMonth, type ReportPeriod } from './domain/period.js';
import { GROUPINGS, type Grouping, type ReportScope } from './report.types.js';

const CLASSES = ['NORMAL', 'PRIORITY', 'EMERGENCY'] as const;

/** A play is heard four times a day by some: this is as much as one answer can be asked for. */
const LONGEST_REPORT_DAYS = 400;
/** A year of every play of a province has more rows than a sheet. */
const LONGEST_LIST_DAYS = 62;

export class ScopeQuery {
  @ApiPropertyOptional({ example: '2027-03', description: 'A month in Việt Nam; or `from` and `to`' })
  @IsOptional()
  @Matches(/^2\d{3}-(0[1-9]|1[0-2])$/)
  month?: string;

  @ApiPropertyOptional({ format: 'date', description: 'First day, in Việt Nam' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  from?: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day, included' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  to?: string;

  @ApiPropertyOptional({
    example: '31318',
    description: 'Id or code of a unit: what was to be heard in it and below it',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;

  @ApiPropertyOptional({ format: 'uuid' }) @IsOptional() @IsUUID() programme?: string;

  @ApiPropertyOptional({ example: 'hgi-31318-01' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{3,40}$/)
  cluster?: string;

  @ApiPropertyOptional({ enum: CLASSES }) @IsOptional() @IsIn(CLASSES) class?: (typeof CLASSES)[number];

  @ApiPropertyOptional({
    format: 'date',
    description:
      'Count plays in the units of this day, by where their clusters stand: a month before a reform by the new units, or the other way round. Without: each play in the unit that its cluster belonged to on the day of the play',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  unitsOn?: string;
}

class GroupQuery {
  @ApiProperty({
    required: false,
    type: String,
    example: 'unit,month',
    default: 'unit',
    description: `What the lines are broken down by, with commas: ${GROUPINGS.join(', ')}`,
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(GROUPINGS, { each: true })
  @ArrayMinSize(1)
  @ArrayUnique()
  groupBy: Grouping[] = ['unit'];
}

export const REPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
const HEADINGS = ['keys', 'vi'] as const;

class FileQuery {
  @ApiPropertyOptional({ enum: REPORT_FORMATS, default: 'csv' })
  @IsOptional()
  @IsIn(REPORT_FORMATS)
  format: ReportFormat = 'csv';

  @ApiPropertyOptional({
    enum: HEADINGS,
    default: 'vi',
    description: 'What columns are called: the names of the API, or Vietnamese ones',
  })
  @IsOptional()
  @IsIn(HEADINGS)
  headings: (typeof HEADINGS)[number] = 'vi';
}

export class ReportQuery extends IntersectionType(ScopeQuery, GroupQuery) {}
export class ReportFileQuery extends IntersectionType(ReportQuery, FileQuery) {}
export class PlaysQuery extends IntersectionType(ScopeQuery, PageQuery) {}
export class PlaysFileQuery extends IntersectionType(ScopeQuery, FileQuery) {}

/** @throws Problem 400 */
export function scopeOf(query: ScopeQuery, of: 'report' | 'plays'): ReportScope {
  const period = periodOf(query);
  const longest = of === 'report' ? LONGEST_REPORT_DAYS : LONGEST_LIST_DAYS;
  const days = daysOf(period);
  if (days < 1 || days > longest)
    throw Problem.invalidField('to', 'PERIOD', {
      en: `to must not be before from, and the period at most ${longest} days`,
      vi: `to không được trước from và khoảng thời gian tối đa ${longest} ngày`,
    });
  return {
    period,
    unit: query.unit,
    programmeId: query.programme,
    clusterId: query.cluster,
    class: query.class,
    unitsOn: query.unitsOn === undefined ? undefined : dayOf('unitsOn', query.unitsOn),
  };
}

function periodOf({ month, from, to }: ScopeQuery): ReportPeriod {
  if (month !== undefined && from === undefined && to === undefined) return periodOfMonth(month);
  if (month === undefined && from !== undefined && to !== undefined)
    return periodOfDays(dayOf('from', from), dayOf('to', to));
  throw Problem.invalidField('month', 'PERIOD', {
    en: 'Please give either month, or from and to',
    vi: 'Vui lòng cho month, hoặc cả from và to',
  });
}

function dayOf(field: string, text: string): string {
  if (isIsoDate(text)) return text;
  throw Problem.invalidField(field, 'DATE', {
    en: `${field} must be a day of the calendar, YYYY-MM-DD`,
    vi: `${field} phải là một ngày có thật, dạng YYYY-MM-DD`,
  });
}
