import { ApiProperty } from '@nestjs/swagger';
import {
  BROADCAST_CLASSES,
  ON_INTERRUPT,
  ON_OVERRUN,
  type BroadcastClass,
  type OnInterrupt,
  type OnOverrun,
} from '../../contract/index.js';
import { TargetDto } from './broadcast.dto.js';
import {
  BROADCAST_STATES,
  type BroadcastState,
  type BroadcastView,
  type DeliveryCounts,
  type DeliveryView,
} from './broadcast.types.js';
import { DELIVERY_RULES, DELIVERY_STATES, type DeliveryState } from './domain/delivery-state.js';

const DATE = { type: String, format: 'date-time' } as const;
const DATE_OR_NULL = { ...DATE, nullable: true } as const;

export class CountsDto implements DeliveryCounts {
  @ApiProperty({ type: 'integer' }) total: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many deliveries are in each state; all states are listed',
  })
  byState: Record<DeliveryState, number>;
  @ApiProperty({ type: 'integer', description: "Took it up, by the clusters' own word" }) accepted: number;
  @ApiProperty({ type: 'integer', description: "Began to play, by the clusters' own word" }) started: number;
  @ApiProperty({ type: 'integer', description: "Heard to the end, by the clusters' own word" })
  finished: number;
  @ApiProperty({ type: 'integer', description: 'Nothing more is expected of them' }) settled: number;
  @ApiProperty({ ...DATE_OR_NULL, description: "By the clusters' clocks" }) firstStartedAt: Date | null;
  @ApiProperty(DATE_OR_NULL) lastFinishedAt: Date | null;
}

export class BroadcastDto implements BroadcastView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() title: string;
  @ApiProperty({ enum: BROADCAST_CLASSES }) class: BroadcastClass;
  @ApiProperty({ description: 'The audio file' }) sha256: string;
  @ApiProperty({ description: 'Seconds, once' }) durationS: number;
  @ApiProperty({ type: 'integer' }) repeat: number;
  @ApiProperty({ type: 'integer', nullable: true, description: "Null: each cluster's own" }) volumePercent:
    number | null;
  @ApiProperty({ enum: ON_INTERRUPT }) onInterrupt: OnInterrupt;
  @ApiProperty({ enum: ON_OVERRUN }) onOverrun: OnOverrun;
  @ApiProperty({ ...DATE_OR_NULL, description: 'Null: at once' }) startAt: Date | null;
  @ApiProperty({ type: TargetDto }) target: TargetDto;
  @ApiProperty({ type: String, nullable: true }) reason: string | null;
  @ApiProperty({ enum: BROADCAST_STATES }) state: BroadcastState;
  @ApiProperty(DATE) createdAt: Date;
  @ApiProperty() createdBy: string;
  @ApiProperty({ ...DATE_OR_NULL, description: 'Null for what nobody had to approve' })
  approvedAt: Date | null;
  @ApiProperty({ type: String, nullable: true }) approvedBy: string | null;
  @ApiProperty(DATE_OR_NULL) stoppedAt: Date | null;
  @ApiProperty({ type: String, nullable: true }) stoppedBy: string | null;
  @ApiProperty({ ...DATE_OR_NULL, description: 'Since when nothing more is expected of any cluster' })
  settledAt: Date | null;
  @ApiProperty({ type: String, nullable: true }) correlationId: string | null;
  @ApiProperty({ type: CountsDto }) counts: CountsDto;
}

/** What became of a broadcast at one cluster. */
export class DeliveryDto {
  @ApiProperty({ format: 'uuid' }) playId: string;
  @ApiProperty({ format: 'uuid' }) occurrenceId: string;
  @ApiProperty() clusterId: string;
  @ApiProperty() clusterName: string;
  @ApiProperty({ format: 'uuid', description: 'The unit the cluster lay in when it was announced' })
  areaId: string;
  @ApiProperty() areaCode: string;
  @ApiProperty() areaName: string;
  @ApiProperty({ enum: DELIVERY_STATES }) state: DeliveryState;
  @ApiProperty({ description: 'What the state says' }) meaning: string;
  @ApiProperty({ description: 'The same in Vietnamese' }) meaningVi: string;
  @ApiProperty({ description: 'Nothing more is expected; a late word can still correct it' })
  settled: boolean;
  @ApiProperty(DATE) plannedAt: Date;
  @ApiProperty({ ...DATE_OR_NULL, description: "By the server's clock" }) sentAt: Date | null;
  @ApiProperty({ ...DATE_OR_NULL, description: "By the cluster's clock" }) acceptedAt: Date | null;
  @ApiProperty(DATE_OR_NULL) startedAt: Date | null;
  @ApiProperty(DATE_OR_NULL) finishedAt: Date | null;
  @ApiProperty(DATE_OR_NULL) endedAt: Date | null;
  @ApiProperty({ ...DATE, description: 'The latest moment at which it may begin' }) notAfter: Date;
  @ApiProperty({ type: String, nullable: true, description: 'Why, in one word of the protocol' }) code:
    string | null;
  @ApiProperty({ type: String, nullable: true }) sha256Played: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) volumePercent: number | null;
  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether the cluster trusted its clock' })
  clockSynced: boolean | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Clock minus true time' }) clockOffsetMs:
    number | null;
  @ApiProperty({ ...DATE_OR_NULL, description: "When the cluster last spoke of it, by the server's clock" })
  lastWordAt: Date | null;
}

export function deliveryDto(view: DeliveryView): DeliveryDto {
  const { en, vi } = DELIVERY_RULES[view.state];
  return { ...view, meaning: en, meaningVi: vi };
}

const byState = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0]));
export const BROADCAST_EXAMPLE = {
  id: '0b5a3b0e-6f0a-4f57-8c39-0b3f6f1f7a11',
  title: 'Lịch tiêm chủng tháng 3',
  class: 'NORMAL',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  durationS: 41.2,
  repeat: 1,
  volumePercent: null,
  onInterrupt: 'RESUME',
  onOverrun: 'FINISH',
  startAt: null,
  target: { areas: ['31318'] },
  reason: null,
  state: 'RUNNING',
  createdAt: '2026-03-02T09:59:58.120Z',
  createdBy: 'nguyen.van.a',
  approvedAt: null,
  approvedBy: null,
  stoppedAt: null,
  stoppedBy: null,
  settledAt: null,
  correlationId: 'b6f1f3c2-5a0e-4c57-9d6f-0d1f6e7a2b11',
  counts: {
    total: 12,
    byState: { ...byState, SENT: 1, STARTED: 9, FINISHED: 2 },
    accepted: 11,
    started: 11,
    finished: 2,
    settled: 2,
    firstStartedAt: '2026-03-02T09:59:58.410Z',
    lastFinishedAt: '2026-03-02T10:00:39.902Z',
  },
};

export const DELIVERY_EXAMPLE = {
  playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
  occurrenceId: '7c8d9e10-1112-4314-8516-171819202122',
  clusterId: 'hgi-vt-0007',
  clusterName: 'Cụm loa ấp 4, xã Vị Tân',
  areaId: '5d0c1b7a-0a4e-4a39-9b0e-8c9f4f6b2a10',
  areaCode: '31318',
  areaName: 'Xã Vị Tân',
  state: 'FINISHED',
  meaning: DELIVERY_RULES.FINISHED.en,
  meaningVi: DELIVERY_RULES.FINISHED.vi,
  settled: true,
  plannedAt: '2026-03-02T09:59:58.120Z',
  sentAt: '2026-03-02T09:59:58.190Z',
  acceptedAt: '2026-03-02T09:59:58.240Z',
  startedAt: '2026-03-02T09:59:58.610Z',
  finishedAt: '2026-03-02T10:00:39.902Z',
  endedAt: '2026-03-02T10:00:39.902Z',
  notAfter: '2026-03-02T10:00:58.120Z',
  code: null,
  sha256Played: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  volumePercent: 70,
  clockSynced: true,
  clockOffsetMs: 4,
  lastWordAt: '2026-03-02T10:00:40.050Z',
};
