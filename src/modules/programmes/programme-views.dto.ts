import { ApiProperty } from '@nestjs/swagger';
import { ON_INTERRUPT, ON_OVERRUN, type OnInterrupt, type OnOverrun } from '../../contract/index.js';
import { TargetDto } from '../broadcasts/index.js';
import type { RenditionItem } from '../media/index.js';
import {
  PROGRAMME_LIFE,
  PROGRAMME_STATES,
  stepBy,
  type ProgrammeState,
  type StepBy,
} from './domain/life-cycle.js';
import { ProgrammeItemDto, ScheduleDto } from './programme.dto.js';
import {
  OCCURRENCE_STATES,
  PROGRAMME_CLASSES,
  type OccurrenceState,
  type Programme,
  type ProgrammeClass,
  type ProgrammeOccurrence,
} from './programme.types.js';

const DATE = { type: String, format: 'date-time' } as const;
const DATE_OR_NULL = { ...DATE, nullable: true } as const;
const TEXT_OR_NULL = { type: String, nullable: true } as const;

class AuthorDto {
  @ApiProperty({ enum: ['user', 'api-key', 'device'] }) kind: 'user' | 'api-key' | 'device';
  @ApiProperty() id: string;
  @ApiProperty() name: string;
}

export class ProgrammeDto implements Programme {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() title: string;
  @ApiProperty({ enum: PROGRAMME_CLASSES }) class: ProgrammeClass;
  @ApiProperty({ enum: PROGRAMME_STATES }) state: ProgrammeState;
  @ApiProperty() isTemplate: boolean;
  @ApiProperty({
    format: 'uuid',
    description: 'The unit whose programme it is: nothing outside of it is addressed',
  })
  areaId: string;
  @ApiProperty() areaCode: string;
  @ApiProperty() areaName: string;
  @ApiProperty({ type: TargetDto, nullable: true }) target: TargetDto | null;
  @ApiProperty({ type: [ProgrammeItemDto] }) items: RenditionItem[];
  @ApiProperty({ type: 'integer', nullable: true }) volumePercent: number | null;
  @ApiProperty({ enum: ON_INTERRUPT }) onInterrupt: OnInterrupt;
  @ApiProperty({ enum: ON_OVERRUN }) onOverrun: OnOverrun;
  @ApiProperty({ type: ScheduleDto, nullable: true }) schedule: ScheduleDto | null;
  @ApiProperty({ ...TEXT_OR_NULL, description: 'The one audio file that is played, once it was submitted' })
  renditionSha256: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Seconds, of that file' }) durationS:
    number | null;
  @ApiProperty({
    ...TEXT_OR_NULL,
    description: 'SHA-256 over everything that is played, once it was submitted',
  })
  contentHash: string | null;
  @ApiProperty({ ...TEXT_OR_NULL, description: 'The one that was approved: nothing else is played' })
  approvedHash: string | null;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty({ ...TEXT_OR_NULL, format: 'uuid' }) copiedFrom: string | null;
  @ApiProperty({
    type: [AuthorDto],
    description: 'Everybody who wrote any of it; none of them may approve it',
  })
  authors: AuthorDto[];
  @ApiProperty() createdBy: string;
  @ApiProperty(DATE) createdAt: Date;
  @ApiProperty() updatedBy: string;
  @ApiProperty(DATE) updatedAt: Date;
  @ApiProperty(TEXT_OR_NULL) submittedBy: string | null;
  @ApiProperty(DATE_OR_NULL) submittedAt: Date | null;
  @ApiProperty({ ...TEXT_OR_NULL, description: 'Who approved, rejected or cancelled it' }) decidedBy:
    string | null;
  @ApiProperty(DATE_OR_NULL) decidedAt: Date | null;
  @ApiProperty({ ...TEXT_OR_NULL, description: 'Why it was rejected or cancelled' }) reason: string | null;
}

export class ProgrammeOccurrenceDto implements ProgrammeOccurrence {
  @ApiProperty({ format: 'uuid' }) programmeId: string;
  @ApiProperty({ description: 'Local date and time as the schedule gives it, not moved' })
  recurrenceId: string;
  @ApiProperty(DATE) startsAt: Date;
  @ApiProperty({ ...TEXT_OR_NULL, format: 'uuid', description: 'The broadcast that it is or was' })
  broadcastId: string | null;
  @ApiProperty({
    enum: OCCURRENCE_STATES,
    description:
      'PLANNED: it is a broadcast. REFUSED: a rule forbids it; tried again every ten minutes until its time. WITHDRAWN: taken back before it began. MISSED: its time passed without a broadcast.',
  })
  state: OccurrenceState;
  @ApiProperty({ ...TEXT_OR_NULL, description: 'Why, in one word' }) code: string | null;
  @ApiProperty(TEXT_OR_NULL) reasonEn: string | null;
  @ApiProperty(TEXT_OR_NULL) reasonVi: string | null;
  @ApiProperty(DATE) changedAt: Date;
}

class NextStepDto {
  @ApiProperty({ enum: PROGRAMME_STATES }) to: ProgrammeState;
  @ApiProperty({ enum: ['programmes:write', 'programmes:approve', 'time'] }) by: StepBy;
}
class LifeStateDto {
  @ApiProperty({ enum: PROGRAMME_STATES }) state: ProgrammeState;
  @ApiProperty() meaning: string;
  @ApiProperty() meaningVi: string;
  @ApiProperty({ type: [NextStepDto] }) next: NextStepDto[];
}
export class ProgrammeLifeDto {
  @ApiProperty({ type: [LifeStateDto] }) states: LifeStateDto[];
}

export const PROGRAMME_LIFE_TABLE: ProgrammeLifeDto = {
  states: PROGRAMME_STATES.map((state) => ({
    state,
    meaning: PROGRAMME_LIFE[state].sentence.en,
    meaningVi: PROGRAMME_LIFE[state].sentence.vi,
    next: PROGRAMME_STATES.flatMap((to) => {
      const by = stepBy(state, to);
      return by === undefined ? [] : [{ to, by }];
    }),
  })),
};

export const PROGRAMME_EXAMPLE: ProgrammeDto = {
  id: '6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22',
  title: 'Bản tin sáng xã Vị Tân',
  class: 'NORMAL',
  state: 'SUBMITTED',
  isTemplate: false,
  areaId: '5d0c1b7a-0a4e-4a39-9b0e-8c9f4f6b2a10',
  areaCode: '31318',
  areaName: 'Xã Vị Tân',
  target: { all: true },
  items: [{ kind: 'audio', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }],
  volumePercent: null,
  onInterrupt: 'RESUME',
  onOverrun: 'FINISH',
  schedule: {
    startsAt: '2027-03-01T05:30:00',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR',
    exdates: ['2027-03-08T05:30:00'],
    overrides: [],
  },
  renditionSha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  durationS: 612.4,
  contentHash: 'c1d2e3f4a5b60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00',
  approvedHash: null,
  version: 3,
  copiedFrom: null,
  authors: [{ kind: 'user', id: '2f0f6b7c-52a4-4c7b-9a57-6c1f0f0e1d22', name: 'nguyen.van.a' }],
  createdBy: 'nguyen.van.a',
  createdAt: new Date('2027-02-24T08:00:00Z'),
  updatedBy: 'nguyen.van.a',
  updatedAt: new Date('2027-02-24T08:10:00Z'),
  submittedBy: 'nguyen.van.a',
  submittedAt: new Date('2027-02-24T08:12:00Z'),
  decidedBy: null,
  decidedAt: null,
  reason: null,
};

export const OCCURRENCE_EXAMPLE: ProgrammeOccurrenceDto = {
  programmeId: PROGRAMME_EXAMPLE.id,
  recurrenceId: '2027-03-01T05:30:00',
  startsAt: new Date('2027-02-28T22:30:00Z'),
  broadcastId: '0b5a3b0e-6f0a-4f57-8c39-0b3f6f1f7a11',
  state: 'PLANNED',
  code: null,
  reasonEn: null,
  reasonVi: null,
  changedAt: new Date('2027-02-25T22:30:04Z'),
};
