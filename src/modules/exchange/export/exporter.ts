import type { EntityManager } from 'typeorm';

/** Values by the keys of the sheet; `lon` and `lat` are where it stands, also where the sheet has no such columns. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Gives all rows in the order of their key, some at a time, asking with this manager alone. Made before the first row is
 * read: whatever is wrong with the request was told by then.
 */
export type RowSource = (manager: EntityManager) => AsyncGenerator<readonly object[]>;
