import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A mistake in the arguments, told in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Arguments shared by `npm run agent` and `npm run simulate`. */
export const COMMON_OPTIONS = {
  server: { type: 'string', default: 'http://127.0.0.1:3000' },
  mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
  'mqtt-version': { type: 'string', default: '3.1.1' },
  state: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const satisfies Options;

export function readArguments<T extends Options>(
  argv: string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T }>>['values'] {
  try {
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export function urlOf(text: string, protocols: readonly string[], option: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol)) {
    throw new UsageError(`--${option} must be a URL beginning with ${protocols.join(' or ')}, not ${text}`);
  }
  return text;
}

export function mqttVersionOf(text: string): 4 | 5 {
  if (text === '3.1.1') return 4;
  if (text === '5') return 5;
  throw new UsageError(`--mqtt-version must be 3.1.1 or 5, not ${text}`);
}

export function countOf(text: string, option: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new UsageError(`--${option} must be a whole number above 0, not ${text}`);
  }
  return count;
}

/** Runs a program's body; what goes wrong at the start is one line on stderr and exit code 1. */
export async function runProgram(body: () => Promise<void> | void): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
