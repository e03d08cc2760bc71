import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { LIFE_CYCLE, statesAfter, permissionFor, BLOCK_REASON_SENTENCES } from './domain/life-cycle.js';
import { BLOCK_REASONS, LIFECYCLES, type BlockReason, type Lifecycle } from './domain/site-model.js';
import { DateField, TextField } from './field.decorators.js';

export class MoveSiteDto {
  @ApiProperty({ enum: LIFECYCLES, example: 'blocked' }) @IsIn(LIFECYCLES) to: Lifecycle;
  @ApiPropertyOptional({
    enum: BLOCK_REASONS,
    nullable: true,
    example: 'emf-fear',
    description: 'When blocked',
  })
  @IsOptional()
  @IsIn(BLOCK_REASONS)
  reason?: BlockReason | null;
  @TextField(500, 'Tổ dân phố 3 phản đối', 'Needed when the reason is other') note?: string | null;
  @DateField('2026-03-01', 'Day from which the state holds; default: today') on?: string;
}

class TransitionActorDto {
  @ApiProperty({ example: 'user' }) kind: string;
  @ApiProperty({ example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' }) id: string;
  @ApiProperty({ example: 'planner' }) name: string;
}

export class SiteTransitionDto {
  @ApiProperty({ example: '12' }) id: string;
  @ApiProperty({
    enum: LIFECYCLES,
    nullable: true,
    example: 'approved',
    description: 'Null: the first state',
  })
  from: Lifecycle | null;
  @ApiProperty({ enum: LIFECYCLES, example: 'blocked' }) to: Lifecycle;
  @ApiProperty({ enum: BLOCK_REASONS, nullable: true, example: 'emf-fear' }) reason: BlockReason | null;
  @ApiProperty({ type: String, nullable: true, example: null }) note: string | null;
  @ApiProperty({ format: 'date', example: '2026-03-01' }) on: string;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T01:12:00.000Z' }) at: Date;
  @ApiProperty({ type: TransitionActorDto }) by: TransitionActorDto;
}
export const TRANSITION_EXAMPLE = {
  id: '12',
  from: 'approved',
  to: 'blocked',
  reason: 'emf-fear',
  note: null,
  on: '2026-03-01',
  at: '2026-03-02T01:12:00.000Z',
  by: { kind: 'user', id: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11', name: 'planner' },
};

class SentenceDto {
  @ApiProperty({ example: LIFE_CYCLE.approved.sentence.en }) en: string;
  @ApiProperty({ example: LIFE_CYCLE.approved.sentence.vi }) vi: string;
}
class NextStateDto {
  @ApiProperty({ enum: LIFECYCLES, example: 'blocked' }) state: Lifecycle;
  @ApiProperty({ example: 'sites:write' }) permission: string;
}
class LifecycleStateDto {
  @ApiProperty({ enum: LIFECYCLES, example: 'approved' }) state: Lifecycle;
  @ApiProperty({ type: SentenceDto }) sentence: SentenceDto;
  @ApiProperty({ type: [NextStateDto] }) next: NextStateDto[];
}
class BlockReasonDto {
  @ApiProperty({ enum: BLOCK_REASONS, example: 'emf-fear' }) reason: BlockReason;
  @ApiProperty({ type: SentenceDto }) sentence: SentenceDto;
}
export class LifeCycleDto {
  @ApiProperty({ type: [LifecycleStateDto] }) states: LifecycleStateDto[];
  @ApiProperty({ type: [BlockReasonDto] }) reasons: BlockReasonDto[];
}

/** The table of transitions, as it is shown. */
export const LIFE_CYCLE_TABLE: LifeCycleDto = {
  states: LIFECYCLES.map((state) => ({
    state,
    sentence: LIFE_CYCLE[state].sentence,
    next: statesAfter(state).map((next) => ({ state: next, permission: permissionFor(state, next) ?? '' })),
  })),
  reasons: BLOCK_REASONS.map((reason) => ({ reason, sentence: BLOCK_REASON_SENTENCES[reason] })),
};
