import { afterBirth, afterState, NEVER_HEARD, type Presence, type StateWord } from './session.js';

const A = 'a';
const B = 'b';
const word = (online: boolean, session: string, atMs: number): StateWord => ({ online, session, atMs });
const words = (...list: StateWord[]): Presence => list.reduce(afterState, NEVER_HEARD);

describe('rule 7: sessions', () => {
  it('knows nothing of a cluster never heard', () => expect(NEVER_HEARD.online).toBeNull());

  it('takes the death of the current session', () => {
    expect(words(word(true, A, 1), word(false, A, 1))).toMatchObject({ online: false, session: A });
  });

  it('ignores the death of an old session, however late its time', () => {
    expect(words(word(true, A, 1), word(true, B, 2), word(false, A, 1)).online).toBe(true);
    expect(words(word(true, A, 1), word(true, B, 2), word(false, A, 9)).online).toBe(true);
  });

  it('takes a death for the last word when it is the first one heard', () => {
    expect(words(word(false, A, 1))).toMatchObject({ online: false, session: A });
  });

  it('sees that a session came and went while the server was away, in either order', () => {
    const known = words(word(true, A, 1));
    const deathFirst = afterBirth(afterState(known, word(false, B, 5)), { session: B, atMs: 6 });
    const birthFirst = afterState(afterBirth(known, { session: B, atMs: 6 }), word(false, B, 5));
    expect(deathFirst).toMatchObject({ online: false, session: B });
    expect(birthFirst).toMatchObject({ online: false, session: B });
  });

  it('does not take the retained birth of an old session for a new one', () => {
    const known = words(word(true, B, 5));
    expect(afterBirth(known, { session: A, atMs: 1 })).toEqual(known);
  });
});
