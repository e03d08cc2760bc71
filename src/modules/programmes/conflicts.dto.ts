import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { Conflicts, ToldConflict } from './conflicts.service.js';
import type { PlannedPlay, Proposal } from './domain/conflicts.js';
import { PROGRAMME_CLASSES, type ProgrammeClass } from './programme.types.js';

const DATE = { type: String, format: 'date-time' } as const;

class ConflictSideDto {
  @ApiProperty({ format: 'uuid' }) programmeId: string;
  @ApiProperty() title: string;
  @ApiProperty({ description: 'Which of its occurrences' }) recurrenceId: string;
  @ApiProperty(DATE) startsAt: Date;
  @ApiProperty(DATE) endsAt: Date;
}

class ProposalDto {
  @ApiProperty({ enum: ['SHIFT', 'SHORTEN', 'DROP'] }) kind: Proposal['kind'];
  @ApiProperty({ format: 'uuid' }) programmeId: string;
  @ApiProperty() recurrenceId: string;
  @ApiProperty({ ...DATE, nullable: true, description: 'When it would begin then; null: not at all' })
  startsAt: Date | null;
  @ApiProperty({ ...DATE, nullable: true }) endsAt: Date | null;
}

class ConflictDto {
  @ApiProperty({ enum: PROGRAMME_CLASSES }) class: ProgrammeClass;
  @ApiProperty({ description: 'Two of PRIORITY: neither is approved beside the other. NORMAL: a warning' })
  blocks: boolean;
  @ApiProperty({ type: ConflictSideDto }) earlier: ConflictSideDto;
  @ApiProperty({ type: ConflictSideDto }) later: ConflictSideDto;
  @ApiProperty({ type: [String], description: 'Where both would be heard' }) clusterIds: string[];
  @ApiProperty({ ...DATE, description: 'From when both would be heard' }) from: Date;
  @ApiProperty(DATE) to: Date;
  @ApiProperty({
    enum: ['CUT', 'FINISH', 'SHIFT', 'COMMUNE'],
    description: 'What the author of the earlier one wants at an overrun; COMMUNE: the commune decides',
  })
  settledBy: ToldConflict['settledBy'];
  @ApiProperty({ type: [ProposalDto], description: 'Each alone ends it' }) proposals: ProposalDto[];
}

@ApiExtraModels(ConflictDto)
export class ConflictsDto {
  @ApiProperty({ type: 'integer' }) total: number;
  @ApiProperty({ type: 'integer', description: 'Of them, those that must be decided before an approval' })
  blocking: number;
  @ApiProperty({
    type: 'array',
    items: { $ref: getSchemaPath(ConflictDto) },
    maxItems: 50,
    description: 'The first 50, by their time, within a year',
  })
  items: ConflictDto[];
}

export function conflictsDto({ total, blocking, items }: Conflicts): ConflictsDto {
  return { total, blocking, items: items.map(conflictDto) };
}

function conflictDto(conflict: ToldConflict): ConflictDto {
  const { earlier, later, clusterIds, fromMs, toMs, settledBy, blocks, proposals } = conflict;
  return {
    class: earlier.class,
    blocks,
    earlier: sideDto(earlier),
    later: sideDto(later),
    clusterIds,
    from: new Date(fromMs),
    to: new Date(toMs),
    settledBy,
    proposals: proposals.map((proposal) => ({
      kind: proposal.kind,
      programmeId: proposal.programmeId,
      recurrenceId: proposal.recurrenceId,
      startsAt: proposal.kind === 'DROP' ? null : new Date(proposal.startMs),
      endsAt: proposal.kind === 'DROP' ? null : new Date(proposal.endMs),
    })),
  };
}

function sideDto({ programmeId, title, recurrenceId, startMs, endMs }: PlannedPlay): ConflictSideDto {
  return { programmeId, title, recurrenceId, startsAt: new Date(startMs), endsAt: new Date(endMs) };
}

const EARLIER = {
  programmeId: '6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22',
  title: 'Bản tin sáng xã Vị Tân',
  recurrenceId: '2027-03-01T05:30:00',
  startsAt: new Date('2027-02-28T22:30:00Z'),
  endsAt: new Date('2027-02-28T22:40:00Z'),
};
const LATER = {
  programmeId: '7d1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d33',
  title: 'Thông báo tiêm chủng',
  recurrenceId: '2027-03-01T05:35:00',
  startsAt: new Date('2027-02-28T22:35:00Z'),
  endsAt: new Date('2027-02-28T22:38:00Z'),
};
export const CONFLICTS_EXAMPLE: ConflictsDto = {
  total: 1,
  blocking: 1,
  items: [
    {
      class: 'PRIORITY',
      blocks: true,
      earlier: EARLIER,
      later: LATER,
      clusterIds: ['hgi-vt-0007'],
      from: LATER.startsAt,
      to: LATER.endsAt,
      settledBy: 'COMMUNE',
      proposals: [
        {
          kind: 'SHIFT',
          programmeId: LATER.programmeId,
          recurrenceId: LATER.recurrenceId,
          startsAt: EARLIER.endsAt,
          endsAt: new Date('2027-02-28T22:43:00Z'),
        },
      ],
    },
  ],
};
