import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { API_KEY_ROLES, type ApiKeyRole, type Permission, PERMISSIONS } from '../permissions.js';

const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[];

export class ApiKeyDto {
  @ApiProperty({ example: 'f2a2a1c4-51f0-4dc9-8f57-93c7a0d8b8e2', format: 'uuid' }) id: string;
  @ApiProperty({ example: 'Open data portal' }) name: string;
  @ApiProperty({ example: '5f2c9a01b7de', description: 'What the key begins with, after "psk_"' })
  prefix: string;
  @ApiProperty({ enum: API_KEY_ROLES, isArray: true, example: ['api-client'] }) roles: ApiKeyRole[];
  @ApiProperty({
    enum: ALL_PERMISSIONS,
    isArray: true,
    nullable: true,
    example: ['sites:read', 'coverage:read'],
    description: 'Of what the roles allow only these; null: all of it',
  })
  permissions: Permission[] | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  jurisdictionAreaId: string | null;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) createdAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2027-02-01T00:00:00.000Z' })
  expiresAt: Date | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null }) revokedAt: Date | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2026-02-03T09:10:00.000Z',
    description: 'To within five minutes',
  })
  lastUsedAt: Date | null;
}
export const API_KEY_EXAMPLE = {
  id: 'f2a2a1c4-51f0-4dc9-8f57-93c7a0d8b8e2',
  name: 'Open data portal',
  prefix: '5f2c9a01b7de',
  roles: ['api-client'],
  permissions: ['sites:read', 'coverage:read'],
  jurisdictionAreaId: null,
  createdAt: '2026-02-01T07:30:00.000Z',
  expiresAt: '2027-02-01T00:00:00.000Z',
  revokedAt: null,
  lastUsedAt: null,
};

export class CreatedApiKeyDto extends OmitType(ApiKeyDto, ['lastUsedAt', 'revokedAt'] as const) {
  @ApiProperty({
    example: 'psk_5f2c9a01b7de_0000000000000000000000000000000000000000000',
    description: 'The key itself, for the header X-API-Key. It is shown this once and kept nowhere.',
  })
  key: string;
}
const { lastUsedAt: _used, revokedAt: _revoked, ...createdExample } = API_KEY_EXAMPLE;
export const CREATED_API_KEY_EXAMPLE = {
  ...createdExample,
  key: 'psk_5f2c9a01b7de_0000000000000000000000000000000000000000000',
};

export class CreateApiKeyDto {
  @ApiProperty({ example: 'Open data portal', minLength: 1, maxLength: 200 })
  @IsString()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Matches(/^[^\p{Cc}]+$/u)
  @MaxLength(200)
  name: string;

  @ApiPropertyOptional({
    enum: API_KEY_ROLES,
    isArray: true,
    example: ['api-client'],
    default: ['api-client'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(API_KEY_ROLES, { each: true })
  roles?: ApiKeyRole[];

  @ApiPropertyOptional({
    enum: ALL_PERMISSIONS,
    isArray: true,
    nullable: true,
    example: ['sites:read', 'coverage:read'],
    description: 'Of what the roles allow only these; left out: all of it',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ALL_PERMISSIONS, { each: true })
  permissions?: Permission[] | null;

  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, example: null })
  @IsOptional()
  @IsUUID('all')
  jurisdictionAreaId?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, example: '2027-02-01T00:00:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  expiresAt?: string | null;
}
