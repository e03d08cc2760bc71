import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { PageQuery } from '../../../common/http/page.js';
import { USER_ROLES, type UserRole } from '../permissions.js';

/** A user as others see them: nothing of the password. */
export class UserDto {
  @ApiProperty({ example: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', format: 'uuid' }) id: string;
  @ApiProperty({ example: 'tran.thi.hoa' }) username: string;
  @ApiProperty({ example: 'Trần Thị Hoa' }) displayName: string;
  @ApiProperty({ enum: USER_ROLES, isArray: true, example: ['broadcaster'] }) roles: UserRole[];
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
    description: 'The area within which the user may act; null: everywhere',
  })
  jurisdictionAreaId: string | null;
  @ApiProperty({ example: true }) active: boolean;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) createdAt: Date;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) updatedAt: Date;
}
export const USER_EXAMPLE = {
  id: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11',
  username: 'tran.thi.hoa',
  displayName: 'Trần Thị Hoa',
  roles: ['broadcaster'],
  jurisdictionAreaId: null,
  active: true,
  createdAt: '2026-02-01T07:30:00.000Z',
  updatedAt: '2026-02-01T07:30:00.000Z',
};

export class CreateUserDto {
  @ApiProperty({
    example: 'tran.thi.hoa',
    description: 'Unique, whether in capitals or not; cannot be changed',
  })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$/)
  username: string;

  @ApiProperty({ example: 'Trần Thị Hoa', minLength: 1, maxLength: 200 })
  @IsString()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Matches(/^[^\p{Cc}]+$/u)
  @MaxLength(200)
  displayName: string;

  @ApiProperty({ example: 'mưa dầm tháng bảy', minLength: 12, maxLength: 256, format: 'password' })
  @IsString()
  @MaxLength(1024)
  password: string;

  @ApiProperty({ enum: USER_ROLES, isArray: true, example: ['broadcaster'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(USER_ROLES, { each: true })
  roles: UserRole[];

  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, example: null })
  @IsOptional()
  @IsUUID('all')
  jurisdictionAreaId?: string | null;
}

/** `null` is a value for the jurisdiction alone: elsewhere a field is given or left out. */
class ChangeableDto extends PartialType(
  PickType(CreateUserDto, ['displayName', 'password', 'roles'] as const),
  {
    skipNullProperties: false,
  },
) {}

export class ChangeUserDto extends ChangeableDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, example: null })
  @IsOptional()
  @IsUUID('all')
  jurisdictionAreaId?: string | null;

  @ApiPropertyOptional({ example: false })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  active?: boolean;
}

export class UsersQuery extends PageQuery {
  @ApiPropertyOptional({ enum: USER_ROLES })
  @IsOptional()
  @IsIn(USER_ROLES)
  role?: UserRole;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Only those who are active, or who are not' })
  @IsOptional()
  @IsIn(['true', 'false'])
  active?: 'true' | 'false';
}
