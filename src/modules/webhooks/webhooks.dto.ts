import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';

export class WebhookDto {
  @ApiProperty({ example: '3c2a9c58-90ac-4f7d-8f3e-0f1f4d2a7b11', format: 'uuid' }) id: string;
  @ApiProperty({ example: 'Smart-city operations centre' }) name: string;
  @ApiProperty({ example: 'https://ioc.example.org/hooks/phu-song' }) url: string;
  @ApiProperty({ type: [String], example: ['site', 'fibre'] }) resources: string[];
  @ApiProperty({ example: true }) active: boolean;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why it was paused' })
  note: string | null;
  @ApiProperty({ example: 0, description: 'Attempts that failed since the last that did not' })
  failures: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  retryAt: Date | null;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) createdAt: Date;
}
export const WEBHOOK_EXAMPLE = {
  id: '3c2a9c58-90ac-4f7d-8f3e-0f1f4d2a7b11',
  name: 'Smart-city operations centre',
  url: 'https://ioc.example.org/hooks/phu-song',
  resources: ['site', 'fibre'],
  active: true,
  note: null,
  failures: 0,
  retryAt: null,
  createdAt: '2026-02-01T07:30:00.000Z',
};

export class CreatedWebhookDto extends WebhookDto {
  @ApiProperty({
    example: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    description: 'What messages are signed with (Standard Webhooks). It is shown this once.',
  })
  secret: string;
}
export const CREATED_WEBHOOK_EXAMPLE = {
  ...WEBHOOK_EXAMPLE,
  secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};

export class NewWebhookDto {
  @ApiProperty({ example: 'Smart-city operations centre', minLength: 1, maxLength: 200 })
  @IsString()
  @Matches(/^(?!\s*$)[^\p{Cc}]+$/u)
  @MaxLength(200)
  name: string;

  @ApiProperty({
    example: 'https://ioc.example.org/hooks/phu-song',
    description: 'https to a public address; with WEBHOOKS_ALLOW_PRIVATE also http to a private one',
    maxLength: 2000,
  })
  @IsString()
  @MaxLength(2000)
  url: string;

  @ApiProperty({
    type: [String],
    example: ['site', 'fibre'],
    description: 'The kinds of things whose changes are sent; "*": all',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^(\*|[a-z][a-z0-9-]{0,99})$/, { each: true })
  resources: string[];
}

export class ChangeWebhookDto extends PartialType(NewWebhookDto) {
  @ApiPropertyOptional({
    example: true,
    description:
      'True: begins again with what waits; changes made while it was paused are not sent unless replayed',
  })
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export class DeliveriesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES }) @IsOptional() @IsIn(DELIVERY_STATES) state?: DeliveryState;
}

export class DeliveryDto {
  @ApiProperty({ example: '5120' }) id: string;
  @ApiProperty({ example: 'msg_4711', description: 'The header webhook-id' }) messageId: string;
  @ApiProperty({ example: '4711', description: 'The change it tells of' }) entryId: string;
  @ApiProperty({ enum: DELIVERY_STATES, example: 'delivered' }) state: DeliveryState;
  @ApiProperty({ example: 1 }) attempts: number;
  @ApiProperty({ type: Number, nullable: true, example: 204, description: 'HTTP status of the last answer' })
  status: number | null;
  @ApiProperty({ type: String, nullable: true, example: null }) error: string | null;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) createdAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-02-01T07:30:01.000Z' })
  attemptedAt: Date | null;
}
export const DELIVERY_EXAMPLE = {
  id: '5120',
  messageId: 'msg_4711',
  entryId: '4711',
  state: 'delivered',
  attempts: 1,
  status: 204,
  error: null,
  createdAt: '2026-02-01T07:30:00.000Z',
  attemptedAt: '2026-02-01T07:30:01.000Z',
};

export class ReplayQuery {
  @ApiProperty({ example: '2026-02-01T00:00:00+07:00', description: 'Changes of this instant and later' })
  @IsISO8601({ strict: true, strictSeparator: true })
  from: string;
}
export class ReplayedDto {
  @ApiProperty({ example: 12, description: 'Changes that will be sent once more' }) queued: number;
}

export class PingDto {
  @ApiProperty({ example: true }) delivered: boolean;
  @ApiProperty({ type: Number, nullable: true, example: 204 }) status: number | null;
  @ApiProperty({ type: String, nullable: true, example: null }) error: string | null;
}
export const PING_EXAMPLE = { delivered: true, status: 204, error: null };
