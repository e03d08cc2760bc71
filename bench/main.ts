/**
 * `npm run bench [register|import|coverage|exact|planning|emergency|reports …] [-- --json]`: measures the product against the plainest way to the same
 * answer. Ends with 0 when all was measured, whatever the figures say; leaves nothing behind, even when it is broken off.
 */
import { ConsoleProgress, type Progress } from '../src/console/progress.js';
import { coverage } from './coverage.js';
import { coverageExact } from './coverage-exact.js';
import { emergency } from './emergency.js';
import { importFile } from './import.js';
import { removeLeftovers } from './leftovers.js';
import { planning } from './planning.js';
import { register } from './register.js';
import { reports } from './reports.js';

/** Each measures one part, tells it on the console, and gives its figures. */
const PARTS: Record<string, (progress: Progress) => Promise<object>> = {
  register,
  import: importFile,
  coverage,
  exact: coverageExact,
  planning,
  emergency,
  reports,
};

const QUIET: Progress = { doing: () => undefined, done: () => undefined, say: () => undefined };
let isBrokenOff = false;

async function main(): Promise<number> {
  const json = process.argv.includes('--json');
  const given = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const named = given.length > 0 ? given : ['register'];
  const figures: object[] = [];
  for (const name of named) {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (!part) {
      console.error(`There is no bench "${name}": ${Object.keys(PARTS).join(', ')}.`);
      return 2;
    }
    try {
      figures.push(await part(json ? QUIET : new ConsoleProgress()));
    } catch (error) {
      if (!isBrokenOff) console.error(`The bench "${name}" broke down:`, error);
      return 1;
    }
  }
  if (json) console.log(JSON.stringify(figures.length === 1 ? figures[0] : figures, null, 2));
  return 0;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isBrokenOff = true;
    console.error(`\n${signal}: cleaning up`);
    void removeLeftovers().then(() => process.exit(130));
  });

const code = await main();
await removeLeftovers();
process.exit(isBrokenOff ? 130 : code);
