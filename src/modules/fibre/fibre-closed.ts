import type { EntityManager } from 'typeorm';
import { Problem } from '../../common/http/problem.js';

/** Throws 409 when one of the quarters is closed. The caller holds the lock of the figures' table. */
export async function assertOpen(manager: EntityManager, quarters: Iterable<string>): Promise<void> {
  const [closed] = await manager.query<{ quarter: string }[]>(
    `select quarter from fibre_quarters where quarter = any($1::text[]) order by quarter limit 1`,
    [[...new Set(quarters)]],
  );
  if (closed) throw closedProblem(closed.quarter);
}

export function closedProblem(quarter: string): Problem {
  return Problem.conflict('CLOSED', {
    en: `The quarter ${quarter} is closed: its fibre figures do not change any more.`,
    vi: `Quý ${quarter} đã chốt số liệu: không thể thay đổi số liệu cáp quang.`,
  });
}
