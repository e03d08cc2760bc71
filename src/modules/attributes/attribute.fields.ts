import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, ValidateIf } from 'class-validator';

/** Custom attributes of an object by name; may be left out, not null. What they may be the service says. */
export const AttributesField = (example: Record<string, unknown> = {}) =>
  applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: true,
      example,
      description: 'Custom attributes (/attributes): those left out stay as they are, null takes one away',
    }),
    ValidateIf((_, value) => value !== undefined),
    IsObject(),
  );

/** `attr.<name>` in a query, which stand together under `attr`. */
export const AttributesFilterField = () =>
  applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: { type: 'string' },
      example: { 'attr.roofType': 'tile' },
      description:
        'attr.<name>=<value>: custom attributes (/attributes); of numbers and days also attr.<name>.min and .max',
    }),
    IsOptional(),
    IsObject(),
  );
