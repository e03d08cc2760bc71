import { RE2JS } from 're2js';

const LONGEST_PATTERN = 300;
const compiled = new Map<string, RE2JS | undefined>();
const MOST_KEPT = 500;

/**
 * A pattern that somebody wrote, matched in linear time whatever it is (RE2): a slow one would stop the whole program.
 * Undefined where it is none.
 */
export function compilePattern(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const made = pattern === '' || pattern.length > LONGEST_PATTERN ? undefined : tryCompile(pattern);
  compiled.set(pattern, made);
  return made;
}

function tryCompile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
