import { ApiProperty } from '@nestjs/swagger';
import {
  BROADCAST_CLASSES,
  examplePlanItem,
  ON_INTERRUPT,
  ON_OVERRUN,
  STRETCH_ENDS,
  UNHEARD_CAUSES,
  type BroadcastClass,
  type OnInterrupt,
  type OnOverrun,
  type Stretch,
  type StretchEnd,
  type Unheard,
} from '../../contract/index.js';
import type { ForetoldPlan } from './foretold.reader.js';

const DATE = { type: String, format: 'date-time' } as const;

class StretchDto {
  @ApiProperty(DATE) from: Date;
  @ApiProperty(DATE) to: Date;
  @ApiProperty({ example: 0, description: 'Seconds of the play heard before' }) fromS: number;
  @ApiProperty({
    enum: STRETCH_ENDS,
    description:
      'INTERRUPTED comes back; DROPPED does not. OVERRUN: the time of the next had come. QUIET_HOURS: they began.',
  })
  end: StretchEnd;
}

class UnheardDto {
  @ApiProperty({ ...DATE, description: 'When it is decided' }) at: Date;
  @ApiProperty({ enum: UNHEARD_CAUSES }) why: Unheard['why'];
}

class ForetoldPlayDto {
  @ApiProperty({ format: 'uuid' }) playId: string;
  @ApiProperty({ format: 'uuid' }) broadcastId: string;
  @ApiProperty({ example: 'Bản tin sáng' }) title: string;
  @ApiProperty({ enum: BROADCAST_CLASSES }) class: BroadcastClass;
  @ApiProperty({ example: 0 }) rank: number;
  @ApiProperty(DATE) startAt: Date;
  @ApiProperty({ ...DATE, description: 'Latest moment at which it may begin, unless another shifts it' })
  notAfter: Date;
  @ApiProperty({ enum: ON_INTERRUPT }) onInterrupt: OnInterrupt;
  @ApiProperty({ enum: ON_OVERRUN }) onOverrun: OnOverrun;
  @ApiProperty({ type: [StretchDto], description: 'When it is heard; several where it is interrupted' })
  heard: StretchDto[];
  @ApiProperty({ type: UnheardDto, nullable: true, description: 'Why it is not heard at all' })
  unheard: UnheardDto | null;
}

/** What a cluster will make of its plan. */
export class ForetoldPlanDto {
  @ApiProperty({ example: 'hgi-31318-01' }) clusterId: string;
  @ApiProperty({ example: 42, description: 'Of the plan; 0: none was ever sent' }) version: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 42,
    description: 'The version that the cluster says it goes by; null: it has not said',
  })
  appliedVersion: number | null;
  @ApiProperty({ type: [ForetoldPlayDto], description: 'By their times' }) plays: ForetoldPlayDto[];
}

export const FORETOLD_EXAMPLE = {
  clusterId: 'hgi-31318-01',
  version: 42,
  appliedVersion: 42,
  plays: [
    {
      playId: examplePlanItem.playId,
      broadcastId: examplePlanItem.broadcastId,
      title: 'Bản tin chiều',
      class: 'NORMAL',
      rank: 0,
      startAt: '2026-03-02T10:00:00.000Z',
      notAfter: '2026-03-02T10:05:00.000Z',
      onInterrupt: 'RESUME',
      onOverrun: 'FINISH',
      heard: [
        { from: '2026-03-02T10:00:00.000Z', to: '2026-03-02T10:15:00.000Z', fromS: 0, end: 'FINISHED' },
      ],
      unheard: null,
    },
  ],
};

export function foretoldDto({ plays, ...plan }: ForetoldPlan): ForetoldPlanDto {
  return {
    ...plan,
    plays: plays.map(({ heard, unheard, ...play }) => ({
      ...play,
      startAt: new Date(play.startAt),
      notAfter: new Date(play.notAfter),
      heard: heard.map(({ fromMs, toMs, fromS, end }: Stretch) => ({
        from: new Date(fromMs),
        to: new Date(toMs),
        fromS,
        end,
      })),
      unheard: unheard && { at: new Date(unheard.atMs), why: unheard.why },
    })),
  };
}
