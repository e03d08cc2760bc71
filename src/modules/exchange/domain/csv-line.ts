/** One line of a CSV. A text that a table program would take for a formula gets an apostrophe, which reading takes off. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: unknown): string {
  const text = neutral(value);
  return /[",\r\n;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function neutral(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  const isNumber = /^[-+]?[\d.,]+$/.test(value);
  return /^[=+\-@\t\r]/.test(value) && !isNumber && value !== '-' ? `'${value}` : value;
}
