import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { type Permission, PERMISSIONS } from '../permissions.js';

export class SignInDto {
  @ApiProperty({ example: 'admin', maxLength: 64 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  username: string;

  @ApiProperty({ example: 'mưa dầm tháng bảy', maxLength: 256, format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  password: string;
}

export class RefreshDto {
  @ApiProperty({ example: 'q4kq0vYb0m6m1m0Yd3O4m1yqf0m8JvA3p7wVQF8dV7A', maxLength: 100 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  refreshToken: string;
}

export class ChangePasswordDto {
  @ApiProperty({ example: 'mưa dầm tháng bảy', maxLength: 256, format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  current: string;

  @ApiProperty({ example: 'nắng hạn tháng ba', minLength: 12, maxLength: 256, format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  new: string;
}

export class SessionDto {
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl', description: 'For Authorization: Bearer' })
  accessToken: string;
  @ApiProperty({ example: 600 }) expiresInS: number;
  @ApiProperty({
    example: 'q4kq0vYb0m6m1m0Yd3O4m1yqf0m8JvA3p7wVQF8dV7A',
    description: 'Good for one use. Using it twice ends the session.',
  })
  refreshToken: string;
  @ApiProperty({ example: '2026-03-03T07:30:00.000Z', format: 'date-time' }) refreshExpiresAt: Date;
}
export const SESSION_EXAMPLE = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
  expiresInS: 600,
  refreshToken: 'q4kq0vYb0m6m1m0Yd3O4m1yqf0m8JvA3p7wVQF8dV7A',
  refreshExpiresAt: '2026-03-03T07:30:00.000Z',
};

export class MeDto {
  @ApiProperty({ enum: ['user', 'api-key', 'device'], example: 'user' }) kind: 'user' | 'api-key' | 'device';
  @ApiProperty({ example: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11' }) id: string;
  @ApiProperty({ example: 'tran.thi.hoa' }) name: string;
  @ApiProperty({ enum: Object.keys(PERMISSIONS), isArray: true, example: ['areas:read', 'sites:read'] })
  permissions: Permission[];
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  jurisdictionAreaId: string | null;
}
export const ME_EXAMPLE = {
  kind: 'user',
  id: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11',
  name: 'tran.thi.hoa',
  permissions: ['areas:read', 'sites:read'],
  jurisdictionAreaId: null,
};
