/** What the server knows of a cluster's connection. `online` null: never heard. */
export interface Presence {
  online: boolean | null;
  session: string | null;
  /** The last death that was ignored because its session was not the current one. */
  deadSession: string | null;
  /** By the cluster's clock, of the word that decided `online`. */
  stateAtMs: number | null;
}

export const NEVER_HEARD: Presence = { online: null, session: null, deadSession: null, stateAtMs: null };

export interface StateWord {
  online: boolean;
  session: string;
  atMs: number;
}

/**
 * Rule 7: a new session id for each connection; a death whose session is not the current one is ignored: the will of an
 * old connection often comes after the cluster is back. It is remembered, in case its birth has yet to be read.
 */
export function afterState(before: Presence, word: StateWord): Presence {
  if (word.online) return { online: true, session: word.session, deadSession: null, stateAtMs: word.atMs };
  if (before.session !== null && before.session !== word.session)
    return { ...before, deadSession: word.session };
  return { online: false, session: word.session, deadSession: null, stateAtMs: word.atMs };
}

/**
 * A birth belongs to a session too. When it is another one than the current and not older, the server has missed how that
 * session began (it was away); if that session's death has been read already, the cluster is gone.
 */
export function afterBirth(before: Presence, birth: { session: string; atMs: number }): Presence {
  if (birth.session === before.session) return before;
  if (before.stateAtMs !== null && birth.atMs < before.stateAtMs) return before;
  return {
    online: before.deadSession !== birth.session,
    session: birth.session,
    deadSession: null,
    stateAtMs: birth.atMs,
  };
}
