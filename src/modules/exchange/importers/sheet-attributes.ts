import { Injectable } from '@nestjs/common';
import {
  type Attribute,
  ATTRIBUTE_PREFIX,
  ATTRIBUTE_RESOURCES,
  AttributesService,
  type AttributeValues,
  checkAttributes,
  mergeAttributes,
} from '../../attributes/index.js';
import type { Finding } from '../domain/findings.js';
import type { FieldType } from '../domain/parse-value.js';
import { type Columns, type Field, fieldOf, type ParsedRow, type Sheet } from '../domain/sheet.js';
import { fold } from '../domain/text.js';
import type { Resource } from '../import.types.js';
import { atField } from './row-rules.js';

/** The columns of a sheet that an administrator has defined, and what stands in them. */
@Injectable()
export class SheetAttributes {
  constructor(private readonly attributes: AttributesService) {}

  /** The sheet with a column for each custom attribute in use. */
  async complete(resource: Resource, sheet: Sheet): Promise<Sheet> {
    const definitions = (await this.definitions(resource)).filter(({ retired }) => !retired);
    const fields = [...sheet.fields];
    for (const definition of definitions) fields.push(columnOf(definition, { fields }));
    return { ...sheet, fields };
  }

  async of(resource: Resource): Promise<RowAttributes> {
    return new RowAttributes(await this.definitions(resource));
  }

  private async definitions(resource: Resource): Promise<Attribute[]> {
    const known = ATTRIBUTE_RESOURCES.find((one) => one === resource);
    return known ? this.attributes.definitions(known) : [];
  }
}

/** The custom attributes of the rows of one file. */
export class RowAttributes {
  constructor(private readonly definitions: readonly Attribute[]) {}

  /** What the row would store: an empty cell takes a value away, a column that is not there leaves it. */
  merged({ values }: ParsedRow, stored: AttributeValues = {}): AttributeValues {
    const given = this.definitions.flatMap(({ name, type, choices }): [string, unknown][] => {
      const value = values[ATTRIBUTE_PREFIX + name];
      if (value === undefined) return [];
      return [
        [
          name,
          type === 'choices' && Array.isArray(value) ? value.map((one) => choiceOf(choices, one)) : value,
        ],
      ];
    });
    return mergeAttributes(stored, Object.fromEntries(given));
  }

  /** What is wrong with them, in the columns that they stand in. */
  check(columns: Columns, row: ParsedRow, merged: AttributeValues, stored?: AttributeValues): Finding[] {
    return checkAttributes(this.definitions, merged, stored)
      .map(({ field, ...said }) => ({ ...said, key: field.replace(/^attributes\./, ATTRIBUTE_PREFIX) }))
      .filter(({ key }) => !row.unread.has(key))
      .map(({ key, ...said }) => atField(columns, row, key, said));
  }
}

/** Known by its titles as well, where nothing before it in the sheet is called so. */
function columnOf({ name, title, type, choices }: Attribute, before: Sheet): Field {
  const isFree = (heading: string) => fieldOf(before, heading) === undefined;
  return {
    key: ATTRIBUTE_PREFIX + name,
    aliases: [title.vi, title.en].filter(isFree).map(fold),
    ...(isFree(title.vi) ? { titleVi: title.vi } : {}),
    ...typeOf(type, choices),
  };
}

function typeOf(type: Attribute['type'], choices: readonly string[]): FieldType {
  switch (type) {
    case 'number':
      return { type: 'number', unit: '' };
    case 'integer':
      return { type: 'number', unit: '', whole: true };
    case 'choice':
      return { type: 'choice', choices: Object.fromEntries(choices.map((choice) => [choice, []])) };
    case 'choices':
      return { type: 'names' };
    default:
      return { type };
  }
}

/** The choice that a person means, whatever its marks and letter case; what is none stays, and is refused by its rule. */
function choiceOf(choices: readonly string[], given: unknown): unknown {
  if (typeof given !== 'string' || choices.includes(given)) return given;
  return choices.find((choice) => fold(choice) === fold(given)) ?? given;
}
