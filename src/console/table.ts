/** A table of plain text. The first column is left-aligned, the others right. */
export function textTable(header: string[], rows: string[][]): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => width(row[column] ?? ''))),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => {
        const fill = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + fill : fill + cell;
      })
      .join('  ');
  return [line(header), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.map(line)]
    .map((text) => `  ${text}`)
    .join('\n');
}

/** Characters on the screen: Vietnamese letters may be several code points in NFD. */
function width(text: string): number {
  return [...text.normalize('NFC')].length;
}
