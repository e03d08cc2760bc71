import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsOptional,
  IsString,
  MaxLength,
  ValidateIf,
} from 'class-validator';

/** A field that may be left out, and may not be null. */
export const Omittable = () => ValidateIf((_, value) => value !== undefined);

/** Fields that may be left out or null (unknown). Limits are the rules' matter: they name the unit as well. */
export const NumberField = (example: number, description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ type: Number, nullable: true, example, description }),
    IsOptional(),
    IsNumber(),
  );
export const TextField = (maxLength: number, example: string, description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ type: String, nullable: true, maxLength, example, description }),
    IsOptional(),
    IsString(),
    MaxLength(maxLength),
  );
export const DateField = (example: string, description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date', nullable: true, example, description }),
    IsOptional(),
    IsString(),
    MaxLength(10),
  );
export const BooleanField = (example: boolean, description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ type: Boolean, nullable: true, example, description }),
    IsOptional(),
    IsBoolean(),
  );
export const ChoiceField = (choices: readonly string[], example: string, description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ enum: choices, nullable: true, example, description }),
    IsOptional(),
    IsIn(choices),
  );
/** A list of texts; may be left out, not null. */
export const TextsField = (example: string[], description?: string) =>
  applyDecorators(
    ApiPropertyOptional({ type: [String], example, description }),
    Omittable(),
    IsArray(),
    IsString({ each: true }),
    MaxLength(64, { each: true }),
  );
