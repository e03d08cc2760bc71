import type { AttributeFilter } from './domain/attribute-filter.js';
import type { AttributeType } from './domain/attribute.js';

/** Adds a value of a type to a statement and gives its placeholder. */
type Bind = (value: unknown, type: string) => string;

/** Filters as one condition on a column of attributes; equality is asked in the way that its index answers. */
export function attributeCondition(column: string, filters: readonly AttributeFilter[], bind: Bind): string {
  const conditions = filters.map(({ attribute: { name, type }, is, value }) => {
    if (is === '=')
      return `${column} @> ${bind(JSON.stringify({ [name]: type === 'choices' ? [value] : value }), 'jsonb')}`;
    const given = bind(name, 'text');
    if (type === 'date') return `(${column} ->> ${given}) collate "C" ${is} ${bind(value, 'text')}`;
    return `case when jsonb_typeof(${column} -> ${given}) = 'number' then (${column} ->> ${given})::float8 end ${is} ${bind(value, 'float8')}`;
  });
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

/** The value of an attribute as a column of its type; `choices` are one text with commas between. The name is one that was checked. */
export function attributeValueSql(column: string, name: string, type: AttributeType): string {
  const text = `(${column} ->> '${name}')`;
  const kind = `jsonb_typeof(${column} -> '${name}')`;
  switch (type) {
    case 'number':
      return `case when ${kind} = 'number' then ${text}::float8 end`;
    case 'integer':
      return `case when ${kind} = 'number' then ${text}::float8::bigint::float8 end`;
    case 'boolean':
      return `case when ${kind} = 'boolean' then ${text}::boolean end`;
    case 'date':
      return `case when ${text} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then ${text}::date end`;
    case 'choices':
      return `case when ${kind} = 'array' then (select string_agg(one, ',') from jsonb_array_elements_text(${column} -> '${name}') as one) end`;
    case 'text':
    case 'choice':
      return text;
  }
}
