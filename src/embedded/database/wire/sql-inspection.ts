/** A change of what a connection listens to; `channel` null is `UNLISTEN *`. */
export type ListenChange =
  | { readonly kind: 'listen'; readonly channel: string }
  | { readonly kind: 'unlisten'; readonly channel: string | null };

export interface SqlInspection {
  /** Why the embedded database refuses this text, or null. */
  readonly refusal: string | null;
  /** LISTEN and UNLISTEN statements in order. */
  readonly listenChanges: readonly ListenChange[];
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol';
  readonly text: string;
}

const NOTHING: SqlInspection = { refusal: null, listenChanges: [] };
/** Most statements hold none of these words and are passed on without being read. */
const WORTH_READING = /\b(?:listen|unlisten|copy|discard|deallocate)\b/i;

/**
 * Finds what one backend shared by many connections must know of a query: which channels it listens to, and
 * statements that would harm the backend (COPY FROM STDIN stops it) or other connections.
 */
export function inspectSql(sql: string): SqlInspection {
  if (!WORTH_READING.test(sql)) return NOTHING;
  const listenChanges: ListenChange[] = [];
  let refusal: string | null = null;
  for (const statement of statementsOf(sql)) {
    refusal ??= refusalOf(statement);
    const change = listenChangeOf(statement);
    if (change) listenChanges.push(change);
  }
  return { refusal, listenChanges };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text === word;
}

function refusalOf(tokens: readonly Token[]): string | null {
  const [first, second, third] = tokens;
  if (isWord(first, 'copy') && tokens.some((t, i) => isWord(t, 'from') && isWord(tokens[i + 1], 'stdin'))) {
    return 'COPY FROM STDIN is not available on the embedded database; use INSERT';
  }
  if (isWord(first, 'discard')) {
    return 'DISCARD is not available on the embedded database: its session is shared by all connections';
  }
  const all = isWord(second, 'all') || (isWord(second, 'prepare') && isWord(third, 'all'));
  if (isWord(first, 'deallocate') && all) {
    return 'DEALLOCATE ALL is not available on the embedded database: its session is shared by all connections';
  }
  return null;
}

function listenChangeOf([first, second]: readonly Token[]): ListenChange | null {
  if (!second) return null;
  if (isWord(first, 'listen') && second.kind !== 'symbol') return { kind: 'listen', channel: second.text };
  if (isWord(first, 'unlisten')) {
    return { kind: 'unlisten', channel: second.kind === 'symbol' ? null : second.text };
  }
  return null;
}

/**
 * What may follow each other in SQL text, in order of trial: comments and literals (dropped), identifiers, and
 * single characters. Source: PostgreSQL manual, "Lexical Structure".
 */
const LEXEMES =
  /(?<skip>\s+|--[^\n]*|[eE]'(?:[^'\\]+|\\[\s\S]|'')*'?|'(?:[^']+|'')*'?|\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$(?![\s\S])))|(?<quoted>"(?:[^"]+|"")*"?)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<symbol>[\s\S])/y;

function statementsOf(sql: string): Token[][] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  for (let at = 0; at < sql.length;) {
    if (sql.startsWith('/*', at)) {
      at = endOfBlockComment(sql, at);
      continue;
    }
    LEXEMES.lastIndex = at;
    const groups = LEXEMES.exec(sql)?.groups;
    if (!groups) break;
    at = LEXEMES.lastIndex;
    if (groups.quoted !== undefined) {
      current.push({ kind: 'quoted', text: groups.quoted.slice(1, -1).replaceAll('""', '"') });
    } else if (groups.word !== undefined) {
      current.push({ kind: 'word', text: groups.word.toLowerCase() });
    } else if (groups.symbol === ';') {
      statements.push(current);
      current = [];
    } else if (groups.symbol !== undefined) {
      current.push({ kind: 'symbol', text: groups.symbol });
    }
  }
  statements.push(current);
  return statements.filter((tokens) => tokens.length > 0);
}

/** Block comments nest in PostgreSQL. */
function endOfBlockComment(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}
