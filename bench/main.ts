/** `npm run bench [register|coverage|exact|planning] [-- --json]`: measures the product against the plainest way to the same answer. Always ends with 0. */
import { ConsoleProgress, type Progress } from '../src/console/progress.js';
import { coverage } from './coverage.js';
import { coverageExact } from './coverage-exact.js';
import { planning } from './planning.js';
import { register } from './register.js';

/** Each measures one part, tells it on the console, and gives its figures. */
const PARTS: Record<string, (progress: Progress) => Promise<object>> = {
  register,
  coverage,
  exact: coverageExact,
  planning,
};

const QUIET: Progress = { doing: () => undefined, done: () => undefined, say: () => undefined };

const [named = 'register'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const json = process.argv.includes('--json');
const part = Object.hasOwn(PARTS, named) ? PARTS[named] : undefined;
if (part) {
  const figures = await part(json ? QUIET : new ConsoleProgress());
  if (json) console.log(JSON.stringify(figures, null, 2));
} else console.error(`There is no bench "${named}": ${Object.keys(PARTS).join(', ')}.`);
