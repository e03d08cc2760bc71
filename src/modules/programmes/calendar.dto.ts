import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import type { CalendarOccurrence, CalendarProgramme, CalendarRequest } from './calendar.reader.js';
import { PROGRAMME_STATES, type ProgrammeState } from './domain/life-cycle.js';
import { ProgrammeDto } from './programme-views.dto.js';
import {
  OCCURRENCE_STATES,
  PROGRAMME_CLASSES,
  type OccurrenceState,
  type ProgrammeClass,
} from './programme.types.js';

export const CALENDAR_FILE_EXAMPLE = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22@phu-song',
  'DTSTART;TZID=Asia/Ho_Chi_Minh:20270301T053000',
  'DURATION:PT10M',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'SUMMARY:Bản tin sáng xã Vị Tân',
  'STATUS:CONFIRMED',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const DATE = { type: String, format: 'date-time' } as const;

export class CalendarQuery implements CalendarRequest {
  @ApiProperty({ ...DATE, description: 'Beginning at or after', example: '2027-02-28T17:00:00Z' })
  @Type(() => Date)
  @IsDate()
  from: Date;

  @ApiProperty({
    ...DATE,
    description: 'Beginning before; at most 400 days after from',
    example: '2027-03-07T17:00:00Z',
  })
  @Type(() => Date)
  @IsDate()
  to: Date;

  @ApiPropertyOptional({
    description: 'A unit by code or id: its programmes, those of all below it, and those heard there',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  area?: string;

  @ApiPropertyOptional({ description: 'What this cluster is to play' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cluster?: string;
}

export class ReadCalendarDto {
  @ApiProperty({
    description: 'The text of an iCalendar file (RFC 5545)',
    maxLength: 524_288,
    example: CALENDAR_FILE_EXAMPLE,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(524_288)
  calendar: string;

  @ApiPropertyOptional({ description: 'The unit whose programmes they are; default: your own' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  area?: string;
}

export class DraftsDto {
  @ApiProperty({ type: [ProgrammeDto] }) items: ProgrammeDto[];
}

class CalendarOccurrenceDto implements CalendarOccurrence {
  @ApiProperty({ description: 'Local date and time as the schedule gives it, not moved' })
  recurrenceId: string;
  @ApiProperty({ ...DATE, description: 'When it begins' }) startsAt: Date;
  @ApiProperty({
    enum: OCCURRENCE_STATES,
    nullable: true,
    description: 'What became of it; null: it is too far off to be planned yet, or not approved',
  })
  state: OccurrenceState | null;
}

class CalendarProgrammeDto implements CalendarProgramme {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() title: string;
  @ApiProperty({ enum: PROGRAMME_CLASSES }) class: ProgrammeClass;
  @ApiProperty({ enum: PROGRAMME_STATES }) state: ProgrammeState;
  @ApiProperty({ format: 'uuid' }) areaId: string;
  @ApiProperty() areaCode: string;
  @ApiProperty() areaName: string;
  @ApiProperty({ type: Number, nullable: true, description: 'Seconds; null: not submitted yet' })
  durationS: number | null;
  @ApiProperty({ type: [CalendarOccurrenceDto] }) occurrences: CalendarOccurrenceDto[];
}

export class CalendarDto {
  @ApiProperty({ type: [CalendarProgrammeDto], description: 'Those with an occurrence in the period' })
  items: CalendarProgrammeDto[];
}

export const CALENDAR_EXAMPLE: CalendarDto = {
  items: [
    {
      id: '6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22',
      title: 'Bản tin sáng xã Vị Tân',
      class: 'NORMAL',
      state: 'SCHEDULED',
      areaId: '1b0f0f0e-52a4-4c7b-9a57-2f0f6b7c1d11',
      areaCode: '31333',
      areaName: 'Xã Vị Tân',
      durationS: 600,
      occurrences: [
        {
          recurrenceId: '2027-03-01T05:30:00',
          startsAt: new Date('2027-02-28T22:30:00Z'),
          state: 'PLANNED',
        },
        { recurrenceId: '2027-03-02T05:30:00', startsAt: new Date('2027-03-01T22:30:00Z'), state: null },
      ],
    },
  ],
};
