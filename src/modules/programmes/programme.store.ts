import type { EntityManager } from 'typeorm';
import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { Problem } from '../../common/http/problem.js';
import type { Programme } from './programme.types.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Anything else is the id of nothing, and would be an error to the database. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Of `programmes p join areas a`. */
export const PROGRAMME_COLUMNS = `p.id, p.title, p.class, p.state, p.is_template as "isTemplate", p.area_id as "areaId",
  a.code as "areaCode", a.full_name as "areaName", p.target, p.items, p.volume_percent as "volumePercent",
  p.on_interrupt as "onInterrupt", p.on_overrun as "onOverrun", p.schedule, p.rendition_sha256 as "renditionSha256",
  p.duration_s as "durationS", p.content_hash as "contentHash", p.approved_hash as "approvedHash", p.version,
  p.copied_from as "copiedFrom", p.authors, p.created_by as "createdBy", p.created_at as "createdAt",
  p.updated_by as "updatedBy", p.updated_at as "updatedAt", p.submitted_by as "submittedBy",
  p.submitted_at as "submittedAt", p.decided_by as "decidedBy", p.decided_at as "decidedAt", p.reason`;

/** @throws Problem 404 */
export async function readProgramme(manager: EntityManager, id: string): Promise<Programme> {
  return one(manager, id, '');
}

/** As `readProgramme`; nobody else changes it until the transaction ends. */
export async function lockProgramme(manager: EntityManager, id: string): Promise<Programme> {
  return one(manager, id, 'for update of p');
}

async function one(manager: EntityManager, id: string, lock: string): Promise<Programme> {
  const [row] = isUuid(id)
    ? await manager.query<Programme[]>(
        `select ${PROGRAMME_COLUMNS} from programmes p join areas a on a.id = p.area_id where p.id = $1 ${lock}`,
        [id],
      )
    : [];
  if (!row) throw Problem.notFound({ en: 'programme', vi: 'chương trình' }, id);
  return row;
}

/** What a row holds beside its unit's names: everything that is written. */
type Row = Omit<Programme, 'areaCode' | 'areaName'>;

const WRITTEN: Record<keyof Row, string> = {
  id: 'id',
  title: 'title',
  class: 'class',
  state: 'state',
  isTemplate: 'is_template',
  areaId: 'area_id',
  target: 'target',
  items: 'items',
  volumePercent: 'volume_percent',
  onInterrupt: 'on_interrupt',
  onOverrun: 'on_overrun',
  schedule: 'schedule',
  renditionSha256: 'rendition_sha256',
  durationS: 'duration_s',
  contentHash: 'content_hash',
  approvedHash: 'approved_hash',
  version: 'version',
  copiedFrom: 'copied_from',
  authors: 'authors',
  createdBy: 'created_by',
  createdAt: 'created_at',
  updatedBy: 'updated_by',
  updatedAt: 'updated_at',
  submittedBy: 'submitted_by',
  submittedAt: 'submitted_at',
  decidedBy: 'decided_by',
  decidedAt: 'decided_at',
  reason: 'reason',
};
const FIELDS = Object.keys(WRITTEN) as (keyof Row)[];
const JSON_FIELDS = new Set<keyof Row>(['target', 'items', 'schedule', 'authors']);

function valueOf(row: Row, field: keyof Row): unknown {
  const value = row[field];
  return JSON_FIELDS.has(field) && value !== null ? JSON.stringify(value) : value;
}
const parameter = (field: keyof Row, nr: number) => `$${nr}${JSON_FIELDS.has(field) ? '::jsonb' : ''}`;

export async function insertProgramme(tx: Tx, row: Row): Promise<Programme> {
  await tx.manager.query(
    `insert into programmes (${FIELDS.map((field) => WRITTEN[field]).join(', ')})
     values (${FIELDS.map((field, i) => parameter(field, i + 1)).join(', ')})`,
    FIELDS.map((field) => valueOf(row, field)),
  );
  const after = await readProgramme(tx.manager, row.id);
  tx.emit(RESOURCE_CHANGED, { resource: 'programme', id: row.id, action: 'create', before: null, after });
  return after;
}

/** Writes what differs of a programme that the transaction has locked, and tells it. */
export async function updateProgramme(
  tx: Tx,
  before: Programme,
  changes: Partial<Omit<Row, 'id'>>,
): Promise<Programme> {
  const next = { ...before, ...changes };
  const fields = FIELDS.filter((field) => field in changes);
  await tx.manager.query(
    `update programmes set ${fields.map((field, i) => `${WRITTEN[field]} = ${parameter(field, i + 2)}`).join(', ')}
      where id = $1`,
    [before.id, ...fields.map((field) => valueOf(next, field))],
  );
  const after = await readProgramme(tx.manager, before.id);
  const { reason } = changes;
  tx.emit(RESOURCE_CHANGED, {
    resource: 'programme',
    id: before.id,
    action: 'update',
    before,
    after,
    ...(typeof reason === 'string' ? { reason } : {}),
  });
  return after;
}
