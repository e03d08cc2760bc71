import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { birthExamples, commandExamples, desiredExamples, reportedExamples } from '../../contract/index.js';
import { CLUSTER_ITEM_EXAMPLE, ClusterItemDto } from './clusters.dto.js';
import { COMMAND_STATES, type CommandState } from './domain/command-state.js';

const DATE = {
  type: String,
  format: 'date-time',
  nullable: true,
  example: '2026-03-02T09:58:14.010Z',
} as const;

/** What a person may order of one cluster; plays are ordered through broadcasts. */
export const ORDERED_BY_HAND = ['self-test', 'volume', 'reboot'] as const;

export class NewCommandDto {
  @ApiProperty({ enum: ORDERED_BY_HAND, example: 'volume' })
  @IsIn(ORDERED_BY_HAND)
  type: (typeof ORDERED_BY_HAND)[number];
  @ApiPropertyOptional({ example: 55, description: 'Of a volume command; at most the cluster’s cap' })
  @ValidateIf((body: NewCommandDto) => body.type === 'volume' || body.volumePercent !== undefined)
  @IsInt()
  @Min(0)
  @Max(100)
  volumePercent?: number;
  @ApiPropertyOptional({ example: 60, default: 60, description: 'Not done when later than this' })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt()
  @Min(5)
  @Max(3600)
  validS?: number;
}

class CheckDto {
  @ApiProperty({ example: 'amplifier' }) name: string;
  @ApiProperty({ example: true }) ok: boolean;
  @ApiProperty({ example: '31.2 V' }) detail: string;
}

export const COMMAND_EXAMPLE = {
  id: 'c0a80101-6d1e-4b7a-9c55-0f5f3e1b7a01',
  clusterId: 'hgi-31318-01',
  type: 'volume',
  payload: commandExamples.find(({ type }) => type === 'volume'),
  state: 'PENDING',
  createdAt: '2026-03-02T09:59:58.000Z',
  notAfter: '2026-03-02T10:05:00.000Z',
  sentAt: null,
  acceptedAt: null,
  startedAt: null,
  endedAt: null,
  code: null,
  reason: null,
  result: null,
  correlationId: 'req-7f3a',
};

export class CommandDto {
  @ApiProperty({ format: 'uuid', example: COMMAND_EXAMPLE.id }) id: string;
  @ApiProperty({ example: 'hgi-31318-01' }) clusterId: string;
  @ApiProperty({ example: 'volume' }) type: string;
  @ApiProperty({ type: Object, example: COMMAND_EXAMPLE.payload, description: 'As sent' }) payload: object;
  @ApiProperty({
    enum: COMMAND_STATES,
    example: 'SENT',
    description: 'SENT is what the broker says; from ACCEPTED on it is the cluster’s word',
  })
  state: CommandState;
  @ApiProperty({ format: 'date-time', example: COMMAND_EXAMPLE.createdAt }) createdAt: Date;
  @ApiProperty({ format: 'date-time', example: COMMAND_EXAMPLE.notAfter }) notAfter: Date;
  @ApiProperty(DATE) sentAt: Date | null;
  @ApiProperty({ ...DATE, description: 'By the cluster’s clock' }) acceptedAt: Date | null;
  @ApiProperty({ ...DATE, description: 'By the cluster’s clock' }) startedAt: Date | null;
  @ApiProperty(DATE) endedAt: Date | null;
  @ApiProperty({ type: String, nullable: true, example: 'QUIET_HOURS' }) code: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'quiet hours 21:00-05:00' }) reason: string | null;
  @ApiProperty({ type: [CheckDto], nullable: true, description: 'What a self-test found' })
  result: CheckDto[] | null;
  @ApiProperty({ type: String, nullable: true, example: 'req-7f3a' }) correlationId: string | null;
}

class TwinDto {
  @ApiProperty({ type: Boolean, nullable: true, example: true, description: 'Null: never heard' })
  online: boolean | null;
  @ApiProperty({ type: String, nullable: true, example: birthExamples[0]!.session }) session: string | null;
  @ApiProperty({ ...DATE, description: 'By the cluster’s clock' }) stateAt: Date | null;
  @ApiProperty({ ...DATE, description: 'By the server’s clock' }) lastSeenAt: Date | null;
  @ApiProperty({ type: Object, nullable: true, example: birthExamples[0] }) birth: object | null;
  @ApiProperty({ type: Object, nullable: true, example: reportedExamples[0] }) reported: object | null;
  @ApiProperty({ example: 42 }) desiredVersion: number;
  @ApiProperty({ type: Object, nullable: true, example: desiredExamples[0] }) desired: object | null;
}

class AlarmDto {
  @ApiProperty({ example: 'clock' }) code: string;
  @ApiProperty({ enum: ['INFO', 'WARNING', 'CRITICAL'], example: 'WARNING' }) severity: string;
  @ApiProperty({ example: 'No time synchronisation since the last power cut' }) detail: string;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T04:20:00.000Z' }) raisedAt: Date;
  @ApiProperty({ ...DATE, description: 'Null: it still holds' }) resolvedAt: Date | null;
}

class DeadLetterDto {
  @ApiProperty({ example: 'phusong/v1/c/hgi-31318-01/state' }) topic: string;
  @ApiProperty({ example: 'NOT_JSON' }) code: string;
  @ApiProperty({ example: 'Unexpected token' }) reason: string;
  @ApiProperty({ example: '{"online":', description: 'The first 4 KiB as text' }) payload: string;
  @ApiProperty({ example: 10 }) payloadBytes: number;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T09:58:14.010Z' }) at: Date;
}

class DeadLettersDto {
  @ApiProperty({ example: 3, description: 'All there ever were' }) total: number;
  @ApiProperty({ type: [DeadLetterDto] }) newest: DeadLetterDto[];
}

export class ClusterDetailDto extends ClusterItemDto {
  @ApiProperty({ example: ['do-thi'] }) groupIds: string[];
  @ApiProperty({ type: TwinDto }) twin: TwinDto;
  @ApiProperty({ type: [AlarmDto] }) alarms: AlarmDto[];
  @ApiProperty({ type: DeadLettersDto }) deadLetters: DeadLettersDto;
  @ApiProperty({ type: [CommandDto], description: 'The last 20' }) commands: CommandDto[];
}
export const CLUSTER_DETAIL_EXAMPLE = {
  ...CLUSTER_ITEM_EXAMPLE,
  groupIds: ['do-thi'],
  twin: {
    online: true,
    session: birthExamples[0]!.session,
    stateAt: '2026-03-02T09:58:12.120Z',
    lastSeenAt: '2026-03-02T09:58:14.010Z',
    birth: birthExamples[0],
    reported: reportedExamples[0],
    desiredVersion: 42,
    desired: desiredExamples[0],
  },
  alarms: [],
  deadLetters: { total: 0, newest: [] },
  commands: [COMMAND_EXAMPLE],
};

export class CredentialDto {
  @ApiProperty({ example: 'hgi-31318-01', description: 'User name and client id on the broker' })
  username: string;
  @ApiProperty({ example: 'b1Yx0m…', description: 'Shown this once' }) secret: string;
}
export const CREDENTIAL_EXAMPLE: CredentialDto = {
  username: 'hgi-31318-01',
  secret: 'q8m0mZk3Yw1sUO3l9xQ2n7J5d4T6c0VbRr8eXhPpKzA',
};
