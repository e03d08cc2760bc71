import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import {
  ATTRIBUTE_RESOURCES,
  ATTRIBUTE_TYPES,
  type AttributeResource,
  type AttributeType,
} from './domain/attribute.js';

/** May be left out, and may not be null. */
const Omittable = () => ValidateIf((_, value) => value !== undefined);

/** What it must be depends on the type: the service says. */
const LIMIT = {
  oneOf: [{ type: 'number' }, { type: 'string', format: 'date' }],
  nullable: true,
  example: null,
};

class AttributeTitleDto {
  @ApiProperty({ example: 'Roof type', maxLength: 100 }) @IsString() @MaxLength(100) en: string;
  @ApiProperty({ example: 'Loại mái', maxLength: 100 }) @IsString() @MaxLength(100) vi: string;
}

export class NewAttributeDto {
  @ApiProperty({ enum: ATTRIBUTE_RESOURCES, example: 'sites' })
  @IsIn(ATTRIBUTE_RESOURCES)
  resource: AttributeResource;
  @ApiProperty({
    example: 'roofType',
    description: 'Letters a–z, digits and underscores, the first a small letter; unique in its resource',
    maxLength: 40,
  })
  @IsString()
  @MaxLength(40)
  name: string;
  @ApiProperty({ type: AttributeTitleDto, description: 'Headings of sheets are known by it' })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AttributeTitleDto)
  title: AttributeTitleDto;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 500,
    example: 'Of the building below the mast',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  description?: string | null;
  @ApiProperty({ enum: ATTRIBUTE_TYPES, example: 'choice', description: '`choices`: some of the list' })
  @IsIn(ATTRIBUTE_TYPES)
  type: AttributeType;
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 20, example: null })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  unit?: string | null;
  @ApiPropertyOptional({
    example: false,
    default: false,
    description: 'New objects, and those that change, must have a value',
  })
  @Omittable()
  @IsBoolean()
  required?: boolean;
  @ApiPropertyOptional({ ...LIMIT, description: 'Of numbers, or a day (YYYY-MM-DD) of dates' })
  @IsOptional()
  min?: number | string | null;
  @ApiPropertyOptional({ ...LIMIT, description: 'Of numbers, or a day (YYYY-MM-DD) of dates' })
  @IsOptional()
  max?: number | string | null;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 300,
    example: null,
    description: 'Of texts: a regular expression (RE2 syntax) that the whole text must match',
  })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  pattern?: string | null;
  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: null,
    description: 'Of texts; default: 1000',
  })
  @IsOptional()
  @IsInt()
  maxLength?: number | null;
  @ApiPropertyOptional({
    type: [String],
    example: ['tile', 'concrete'],
    description: 'Of choice and choices',
  })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  choices?: string[];
  @ApiPropertyOptional({
    example: false,
    default: false,
    description: 'Shown to those who read an open collection without signing in, too',
  })
  @Omittable()
  @IsBoolean()
  openData?: boolean;
}

export class ChangeAttributeDto extends PartialType(
  OmitType(NewAttributeDto, ['resource', 'name'] as const),
  {
    skipNullProperties: false,
  },
) {
  @ApiPropertyOptional({ example: true, description: 'Stored values stay; new ones are not accepted' })
  @Omittable()
  @IsBoolean()
  retired?: boolean;
}

export class AttributeDto {
  @ApiProperty({ format: 'uuid', example: 'b8f6c2f0-6a53-4d2c-8b0e-5b1f4c2d9a11' }) id: string;
  @ApiProperty({ enum: ATTRIBUTE_RESOURCES, example: 'sites' }) resource: AttributeResource;
  @ApiProperty({ example: 'roofType' }) name: string;
  @ApiProperty({ type: AttributeTitleDto }) title: AttributeTitleDto;
  @ApiProperty({ type: String, nullable: true, example: null }) description: string | null;
  @ApiProperty({ enum: ATTRIBUTE_TYPES, example: 'choice' }) type: AttributeType;
  @ApiProperty({ type: String, nullable: true, example: null }) unit: string | null;
  @ApiProperty({ example: false }) required: boolean;
  @ApiProperty(LIMIT) min: number | string | null;
  @ApiProperty(LIMIT) max: number | string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) pattern: string | null;
  @ApiProperty({ type: Number, nullable: true, example: null }) maxLength: number | null;
  @ApiProperty({ type: [String], example: ['tile', 'concrete'] }) choices: readonly string[];
  @ApiProperty({ example: false }) openData: boolean;
  @ApiProperty({ example: false }) retired: boolean;
}
export const ATTRIBUTE_EXAMPLE = {
  id: 'b8f6c2f0-6a53-4d2c-8b0e-5b1f4c2d9a11',
  resource: 'sites',
  name: 'roofType',
  title: { en: 'Roof type', vi: 'Loại mái' },
  description: 'Of the building below the mast',
  type: 'choice',
  unit: null,
  required: false,
  min: null,
  max: null,
  pattern: null,
  maxLength: null,
  choices: ['tile', 'concrete'],
  openData: false,
  retired: false,
};

export class AttributesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ATTRIBUTE_RESOURCES })
  @IsOptional()
  @IsIn(ATTRIBUTE_RESOURCES)
  resource?: AttributeResource;
  @ApiPropertyOptional({ type: Boolean, description: 'Only those that are, or are not; default: all' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  retired?: boolean;
}
