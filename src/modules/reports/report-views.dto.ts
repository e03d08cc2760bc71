import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DELIVERY_STATES, type DeliveryState } from '../broadcasts/index.js';
import { ageS, finishedPercent, type Tally } from './domain/tally.js';
import { GROUPINGS, type Grouping, type LineKeys, type PlayProof, type PlayReport } from './report.types.js';

const TEXT = { type: String, nullable: true } as const;
const TIME = { type: String, format: 'date-time', nullable: true } as const;
const WHOLE = { type: 'integer', minimum: 0 } as const;

export class TallyDto implements Tally {
  @ApiProperty(WHOLE) total: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: WHOLE,
    description: `How many plays are in each state; they add up to total: ${DELIVERY_STATES.join(', ')}`,
  })
  byState: Record<string, number>;
  @ApiProperty({ ...WHOLE, description: 'Went out, as far as is known' }) sent: number;
  @ApiProperty({ ...WHOLE, description: 'Taken up, by the cluster’s own word' }) accepted: number;
  @ApiProperty({ ...WHOLE, description: 'The audio is, or was at its play, on the cluster' })
  mediaReady: number;
  @ApiProperty({ ...WHOLE, description: 'Sound began, by the cluster’s own word' }) started: number;
  @ApiProperty({ ...WHOLE, description: 'Heard to the end, by the cluster’s own word' }) finished: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of 100, with one decimal; null: there was nothing to be played',
  })
  finishedPercent: number | null;
  @ApiProperty({ ...WHOLE, description: 'Nothing more is expected' }) settled: number;
  @ApiProperty({ ...WHOLE, description: 'Another file sounded than the one that was ordered' })
  otherAudio: number;
  @ApiProperty({ ...WHOLE, description: 'UNKNOWN, at clusters that have never been heard' })
  unknownNeverHeard: number;
  @ApiProperty({
    ...TIME,
    description: 'Of clusters with UNKNOWN plays: when the one that is silent for longest was last heard',
  })
  unknownHeardAt: Date | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'How long ago that was' })
  unknownAgeS: number | null;
}

export class ReportLineDto extends TallyDto implements LineKeys {
  @ApiPropertyOptional({ example: '2027-03' }) month?: string;
  @ApiPropertyOptional(TEXT) districtCode?: string | null;
  @ApiPropertyOptional(TEXT) districtName?: string | null;
  @ApiPropertyOptional(TEXT) unitCode?: string | null;
  @ApiPropertyOptional(TEXT) unitName?: string | null;
  @ApiPropertyOptional({ ...TEXT, format: 'uuid', description: 'Null: announced by hand, or an emergency' })
  programmeId?: string | null;
  @ApiPropertyOptional(TEXT) programmeTitle?: string | null;
  @ApiPropertyOptional() clusterId?: string;
  @ApiPropertyOptional() clusterName?: string;
  @ApiPropertyOptional() class?: string;
}

class ReportUnitDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() code: string;
  @ApiProperty() name: string;
}

class NeverBroadcastDto {
  @ApiProperty({ format: 'uuid' }) programmeId: string;
  @ApiProperty() programmeTitle: string;
  @ApiProperty({ description: 'The unit whose programme it is' }) unitCode: string;
  @ApiProperty() unitName: string;
  @ApiProperty() startsAt: Date;
  @ApiProperty({ enum: ['REFUSED', 'WITHDRAWN', 'MISSED'] }) state: 'REFUSED' | 'WITHDRAWN' | 'MISSED';
  @ApiProperty(TEXT) code: string | null;
  @ApiProperty(TEXT) reasonEn: string | null;
  @ApiProperty(TEXT) reasonVi: string | null;
}

export class PlayReportDto {
  @ApiProperty() generatedAt: Date;
  @ApiProperty({ format: 'date' }) firstDay: string;
  @ApiProperty({ format: 'date' }) lastDay: string;
  @ApiProperty({ type: ReportUnitDto, nullable: true }) unit: ReportUnitDto | null;
  @ApiProperty({ ...TEXT, description: 'Null: the units of the day of each play' }) unitsOn: string | null;
  @ApiProperty({ enum: GROUPINGS, isArray: true }) groupBy: Grouping[];
  @ApiProperty({ type: [ReportLineDto] }) lines: ReportLineDto[];
  @ApiProperty({ type: TallyDto, description: 'Of all lines' }) total: TallyDto;
  @ApiProperty({
    type: [NeverBroadcastDto],
    description:
      'Occurrences of programmes that no cluster was ever sent, so that they are in no line: by the unit of the programme, the first 1,000',
  })
  neverBroadcast: NeverBroadcastDto[];
}

export class PlayProofDto {
  @ApiProperty({ format: 'uuid' }) playId: string;
  @ApiProperty({ description: 'When it was to begin' }) startsAt: Date;
  @ApiProperty({ format: 'uuid' }) broadcastId: string;
  @ApiProperty() title: string;
  @ApiProperty() class: string;
  @ApiProperty({ ...TEXT, format: 'uuid' }) programmeId: string | null;
  @ApiProperty(TEXT) programmeTitle: string | null;
  @ApiProperty() clusterId: string;
  @ApiProperty() clusterName: string;
  @ApiProperty(TEXT) districtName: string | null;
  @ApiProperty(TEXT) unitCode: string | null;
  @ApiProperty(TEXT) unitName: string | null;
  @ApiProperty({ enum: DELIVERY_STATES }) state: DeliveryState;
  @ApiProperty({ description: 'Nothing more is expected; a late word can still correct it' })
  settled: boolean;
  @ApiProperty({ ...TEXT, description: 'Why, in one word of the protocol' }) code: string | null;
  @ApiProperty() plannedAt: Date;
  @ApiProperty(TIME) sentAt: Date | null;
  @ApiProperty({ ...TIME, description: 'By the cluster’s clock' }) acceptedAt: Date | null;
  @ApiProperty({ ...TIME, description: 'By the cluster’s clock' }) startedAt: Date | null;
  @ApiProperty({ ...TIME, description: 'By the cluster’s clock' }) finishedAt: Date | null;
  @ApiProperty({ ...TIME, description: 'By the cluster’s clock' }) endedAt: Date | null;
  @ApiProperty({ type: Boolean, nullable: true, description: 'Null: not known' }) mediaReady: boolean | null;
  @ApiProperty({ type: Boolean, nullable: true }) clockSynced: boolean | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'The cluster’s clock minus the true time' })
  clockOffsetMs: number | null;
  @ApiProperty({ ...TIME, description: 'startedAt without the offset of the clock' })
  startedAtTrue: Date | null;
  @ApiProperty() sha256Ordered: string;
  @ApiProperty(TEXT) sha256Played: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) volumePercent: number | null;
  @ApiProperty({ ...TEXT, description: 'Null: nobody had to; createdBy answers for it' }) approvedBy:
    string | null;
  @ApiProperty(TIME) approvedAt: Date | null;
  @ApiProperty() createdBy: string;
  @ApiProperty({ ...TIME, description: 'When the cluster last said anything of this play' })
  lastWordAt: Date | null;
  @ApiProperty({ ...TIME, description: 'When the cluster last said anything at all' })
  clusterHeardAt: Date | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'How long ago that was; null: never' })
  clusterSilentS: number | null;
}

export function reportDto({ period, lines, total, ...rest }: PlayReport): PlayReportDto {
  const shown = <T extends Tally>(tally: T) => ({
    ...tally,
    finishedPercent: finishedPercent(tally),
    unknownAgeS: ageS(tally.unknownHeardAt, rest.generatedAt),
  });
  const { firstDay, lastDay } = period;
  return { ...rest, firstDay, lastDay, lines: lines.map(shown), total: shown(total) };
}

export function playDto(play: PlayProof, now: Date): PlayProofDto {
  return { ...play, clusterSilentS: ageS(play.clusterHeardAt, now) };
}

const TALLY_EXAMPLE: TallyDto = {
  total: 124,
  byState: Object.fromEntries(
    DELIVERY_STATES.map((state) => [
      state,
      { FINISHED: 120, INTERRUPTED: 1, UNKNOWN: 3 }[state as string] ?? 0,
    ]),
  ),
  sent: 124,
  accepted: 121,
  mediaReady: 121,
  started: 121,
  finished: 120,
  finishedPercent: 96.8,
  settled: 124,
  otherAudio: 0,
  unknownNeverHeard: 0,
  unknownHeardAt: new Date('2027-03-28T11:04:10Z'),
  unknownAgeS: 388_000,
};

export const REPORT_EXAMPLE: PlayReportDto = {
  generatedAt: new Date('2027-04-01T22:50:50Z'),
  firstDay: '2027-03-01',
  lastDay: '2027-03-31',
  unit: { id: '5d0c1b7a-0a4e-4a39-9b0e-8c9f4f6b2a10', code: '31318', name: 'Phường I' },
  unitsOn: null,
  groupBy: ['unit'],
  lines: [{ unitCode: '31318', unitName: 'Phường I', ...TALLY_EXAMPLE }],
  total: TALLY_EXAMPLE,
  neverBroadcast: [],
};

export const PLAY_EXAMPLE: PlayProofDto = {
  playId: '0b5a8e1e-5a4c-4d57-8b7e-2d4f6a1c9e01',
  startsAt: new Date('2027-03-01T22:00:00Z'),
  broadcastId: '6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22',
  title: 'Bản tin sáng',
  class: 'NORMAL',
  programmeId: '9f2f64a5-6d5e-4f4b-9d7d-0a3c5b1e7f10',
  programmeTitle: 'Bản tin sáng',
  clusterId: 'hgi-31318-01',
  clusterName: 'Cụm loa khu vực 1',
  districtName: 'Thành phố Vị Thanh',
  unitCode: '31318',
  unitName: 'Phường I',
  state: 'FINISHED',
  settled: true,
  code: null,
  plannedAt: new Date('2027-02-28T10:00:00Z'),
  sentAt: null,
  acceptedAt: null,
  startedAt: new Date('2027-03-01T22:00:00.310Z'),
  finishedAt: new Date('2027-03-01T22:14:58.120Z'),
  endedAt: new Date('2027-03-01T22:14:58.120Z'),
  mediaReady: true,
  clockSynced: true,
  clockOffsetMs: 10,
  startedAtTrue: new Date('2027-03-01T22:00:00.300Z'),
  sha256Ordered: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  sha256Played: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  volumePercent: 70,
  approvedBy: 'tran.thi.b',
  approvedAt: new Date('2027-02-27T03:00:00Z'),
  createdBy: 'system',
  lastWordAt: new Date('2027-03-01T22:14:59Z'),
  clusterHeardAt: new Date('2027-04-01T22:50:00Z'),
  clusterSilentS: 50,
};
