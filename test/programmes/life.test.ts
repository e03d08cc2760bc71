import { Materialiser } from '../../src/modules/programmes/materialiser.js';
import { ProgrammeOccurrences } from '../../src/modules/programmes/occurrences.js';
import { createProgrammesApp, daily, localDay, once, type ProgrammesApp } from './support.js';

let test: ProgrammesApp;
beforeAll(async () => {
  test = await createProgrammesApp();
});
afterAll(() => test?.stop());

interface Made {
  id: string;
  version: number;
  state: string;
  contentHash: string;
}

function content(more: object = {}) {
  return {
    title: 'Bản tin sáng',
    items: [{ kind: 'audio', sha256: test.sha256 }],
    target: { clusterIds: ['loa-1', 'loa-2'] },
    schedule: once(localDay(1, '12:00:00')),
    ...more,
  };
}

async function draft(more: object = {}): Promise<Made> {
  const made = await test.as('author', 'POST', '/programmes', content(more));
  expect(made.status).toBe(201);
  return made.body as unknown as Made;
}

async function submitted(more: object = {}): Promise<Made> {
  const { id } = await draft(more);
  const answer = await test.as('author', 'POST', `/programmes/${id}/submit`, {});
  expect(answer.status).toBe(200);
  return (answer.body as unknown as { programme: Made }).programme;
}

async function approved(more: object = {}): Promise<Made> {
  const { id, contentHash } = await submitted(more);
  const answer = await test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });
  expect(answer).toMatchObject({ status: 200, body: { decidedBy: 'approver' } });
  return answer.body as unknown as Made;
}

async function occurrences(id: string) {
  const answer = await test.as('viewer', 'GET', `/programmes/${id}/occurrences`);
  return answer.body.items as unknown as {
    recurrenceId: string;
    state: string;
    broadcastId: string;
    code: string;
  }[];
}

const edit = (id: string, body: object) => test.as('author', 'PATCH', `/programmes/${id}`, body);
const state = async (id: string) => (await test.as('viewer', 'GET', `/programmes/${id}`)).body.state;

describe('a programme from the draft to the plan of its clusters', () => {
  it('is played as it was approved, and says who approved it', async () => {
    const chime = { kind: 'audio', sha256: test.sha256 };
    const made = await draft({
      items: [chime, { kind: 'pause', durationS: 1 }, chime],
      class: 'PRIORITY',
      volumePercent: 60,
      onOverrun: 'SHIFT',
      schedule: once(localDay(1, '09:00:00')),
    });
    expect(made).toMatchObject({ state: 'DRAFT', version: 1, contentHash: null, areaCode: '31318' });
    const told = (await test.as('author', 'POST', `/programmes/${made.id}/submit`, { version: 1 })).body as {
      programme?: Made & { durationS: number };
      conflicts?: object;
    };
    expect(told).toMatchObject({
      programme: {
        state: 'SUBMITTED',
        submittedBy: 'author',
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      conflicts: { total: 0 },
    });
    // One file of all three.
    expect(told.programme!.durationS).toBeGreaterThan(3.9);
    const { contentHash } = told.programme!;
    const done = await test.as('approver', 'POST', `/programmes/${made.id}/approve`, { contentHash });
    expect(done.body).toMatchObject({ state: 'SCHEDULED', approvedHash: contentHash, decidedBy: 'approver' });
    const [occurrence, ...more] = await occurrences(made.id);
    expect(more).toEqual([]);
    expect(occurrence).toMatchObject({ recurrenceId: localDay(1, '09:00:00'), state: 'PLANNED' });
    const broadcast = await test.as('viewer', 'GET', `/broadcasts/${occurrence!.broadcastId}`);
    expect(broadcast.body).toMatchObject({ class: 'PRIORITY', approvedBy: 'approver', counts: { total: 2 } });
    for (const id of ['loa-1', 'loa-2']) {
      const item = (await test.planOf(id)).find(({ broadcastId }) => broadcastId === occurrence!.broadcastId);
      const { decidedAt: approvedAt } = done.body;
      expect(item).toMatchObject({ class: 'PRIORITY', volumePercent: 60, onOverrun: 'SHIFT', approvedAt });
    }
    const trail = await test.query<{ action: string }>(
      `select action from audit_entries where resource = 'programme' and resource_id = $1 order by id`,
      [made.id],
    );
    expect(trail.map(({ action }) => action)).toEqual(['create', 'update', 'update', 'update']);
  });

  it('is made a broadcast once only, whoever comes again and however many at a time', async () => {
    const title = 'Một lần thôi';
    const { id } = await approved({ title, schedule: daily(localDay(1, '14:00:00')) });
    const before = await occurrences(id);
    expect(before.length).toBeGreaterThanOrEqual(2);
    await test.query(`delete from programme_occurrences where programme_id = $1 and recurrence_id = $2`, [
      id,
      before[0]!.recurrenceId,
    ]);
    const materialiser = test.app.get(Materialiser, { strict: false });
    await Promise.all([1, 2, 3].map(() => materialiser.materialise(id)));
    expect(await test.query(`select id from broadcasts where title = $1`, [title])).toHaveLength(
      before.length + 1,
    );
    expect(await materialiser.materialise(id)).toBe(0);
    const after = await occurrences(id);
    expect(after.map(({ recurrenceId }) => recurrenceId)).toEqual(
      before.map(({ recurrenceId }) => recurrenceId),
    );
    expect(new Set(after.map(({ broadcastId }) => broadcastId)).size).toBe(after.length);
  });

  it('leaves nothing half done where a worker is killed, and the next one makes it', async () => {
    const occurrencesOf = test.app.get(ProgrammeOccurrences, { strict: false });
    const record = occurrencesOf.record.bind(occurrencesOf);
    // After the broadcast has been written, before the occurrence is.
    occurrencesOf.record = () => Promise.reject(new Error('killed'));
    const { id, contentHash } = await submitted({
      title: 'Bị ngắt',
      schedule: once(localDay(1, '15:00:00')),
    });
    const killed = await test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });
    expect(killed.status).toBe(500);
    const broadcasts = () => test.query(`select id from broadcasts where title = 'Bị ngắt'`);
    expect(await broadcasts()).toEqual([]);
    expect(await occurrences(id)).toEqual([]);
    occurrencesOf.record = record;
    await test.app.get(Materialiser, { strict: false }).run();
    expect(await broadcasts()).toHaveLength(1);
    expect(await occurrences(id)).toMatchObject([{ state: 'PLANNED' }]);
    expect(await state(id)).toBe('SCHEDULED');
  });

  it('says what the quiet hours of a cluster refuse, and why', async () => {
    const { id } = await approved({
      target: { clusterIds: ['loa-quiet'] },
      schedule: once(localDay(1, '07:00:00')),
    });
    expect(await occurrences(id)).toMatchObject([
      {
        state: 'REFUSED',
        code: 'QUIET_HOURS',
        broadcastId: null,
        reasonVi: expect.stringContaining('loa-quiet'),
      },
    ]);
    expect(await state(id)).toBe('APPROVED');
  });

  it('is not played when what is stored is not what was approved', async () => {
    const { id } = await approved({ schedule: once(localDay(5, '10:00:00')) });
    expect(await occurrences(id)).toEqual([]);
    await test.query(
      `update programmes set volume_percent = 100, schedule = jsonb_set(schedule, '{startsAt}', to_jsonb($2::text))
        where id = $1`,
      [id, localDay(1, '10:00:00')],
    );
    expect(await test.app.get(Materialiser, { strict: false }).materialise(id)).toBe(0);
    expect(await occurrences(id)).toMatchObject([{ state: 'REFUSED', code: 'NOT_AS_APPROVED' }]);
  });

  it('tells of an occurrence for which the server came too late', async () => {
    const { id } = await approved({ schedule: once(localDay(5, '11:00:00')) });
    const past = new Date(Date.now() - 2 * 24 * 3600_000);
    await test.query(
      `update programmes set decided_at = $2, schedule = jsonb_set(schedule, '{startsAt}', to_jsonb($3::text)) where id = $1`,
      [id, past, localDay(-1, '11:00:00')],
    );
    await test.app.get(Materialiser, { strict: false }).materialise(id);
    expect(await occurrences(id)).toMatchObject([{ state: 'MISSED', code: 'NOT_PLANNED_IN_TIME' }]);
    expect(await state(id)).toBe('DONE');
  });
});

describe('what was approved', () => {
  it('is a draft again after an edit, and is withdrawn from the plans', async () => {
    const { id, version } = await approved({ schedule: once(localDay(1, '16:00:00')) });
    const [occurrence] = await occurrences(id);
    const planned = async () =>
      (await test.planOf('loa-1')).some(({ broadcastId }) => broadcastId === occurrence!.broadcastId);
    expect(await planned()).toBe(true);
    expect((await edit(id, { version: version - 1, title: 'Khác' })).body).toMatchObject({ code: 'VERSION' });
    expect((await edit(id, { title: 'Bản tin sáng' })).body).toMatchObject({ state: 'SCHEDULED', version });
    const edited = await edit(id, { version, title: 'Bản tin trưa' });
    expect(edited.body).toMatchObject({
      state: 'DRAFT',
      contentHash: null,
      approvedHash: null,
      version: version + 1,
    });
    expect(await planned()).toBe(false);
    expect(await occurrences(id)).toMatchObject([{ state: 'WITHDRAWN', code: 'EDITED' }]);

    const again = await test.as('author', 'POST', `/programmes/${id}/submit`, {});
    const { contentHash } = (again.body as unknown as { programme: Made }).programme;
    await test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });
    const [anew] = await occurrences(id);
    expect(anew).toMatchObject({ state: 'PLANNED' });
    expect(anew!.broadcastId).not.toBe(occurrence!.broadcastId);
  });

  it.each(['cancel', 'reject'])('is withdrawn by %s', async (step) => {
    const { id } = await approved({ schedule: once(localDay(1, '17:00:00')) });
    const answer = await test.as('approver', 'POST', `/programmes/${id}/${step}`, { reason: 'Hoãn' });
    expect(answer).toMatchObject({ status: 200, body: { reason: 'Hoãn', approvedHash: null } });
    const [occurrence] = await occurrences(id);
    expect(occurrence).toMatchObject({ state: 'WITHDRAWN' });
    const broadcast = await test.as('viewer', 'GET', `/broadcasts/${occurrence!.broadcastId}`);
    expect(broadcast.body).toMatchObject({ state: 'STOPPED' });
  });

  it('must be what the approver has looked at', async () => {
    const { id, contentHash } = await submitted();
    await edit(id, { volumePercent: 55 });
    await test.as('author', 'POST', `/programmes/${id}/submit`, {});
    const answer = await test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONTENT_CHANGED' } });
    expect(await state(id)).toBe('SUBMITTED');
  });

  it('is not approved by who wrote any of it', async () => {
    const { id } = await draft();
    await test.as('approver', 'PATCH', `/programmes/${id}`, { volumePercent: 40 });
    const told = await test.as('author', 'POST', `/programmes/${id}/submit`, {});
    const { contentHash } = (told.body as unknown as { programme: Made }).programme;
    const own = await test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });
    expect(own).toMatchObject({ status: 403, body: { code: 'AUTHOR' } });
    expect(own.body.detailVi).not.toBe(own.body.detail);
  });
});

describe('who may', () => {
  it('write, approve and read', async () => {
    const { id, contentHash } = await submitted();
    const refused = async (who: 'author' | 'viewer' | 'elsewhere', path: string, body: object) =>
      expect((await test.as(who, 'POST', path, body)).status).toBe(403);
    await refused('viewer', '/programmes', content());
    await refused('author', `/programmes/${id}/approve`, { contentHash });
    await refused('author', `/programmes/${id}/reject`, { reason: 'x' });
    await refused('viewer', `/programmes/${id}/submit`, {});
    await refused('elsewhere', `/programmes/${id}/approve`, { contentHash });
    await refused('elsewhere', `/programmes/${id}/cancel`, {});
    expect((await test.as('elsewhere', 'PATCH', `/programmes/${id}`, { title: 'x' })).status).toBe(403);
    expect((await test.as('viewer', 'GET', `/programmes/${id}`)).status).toBe(200);
    expect((await test.call('GET', `/programmes/${id}`)).status).toBe(401);
  });

  it('address the clusters of the own commune only', async () => {
    const outside = content({ target: { clusterIds: ['loa-there'] } });
    expect(await test.as('author', 'POST', '/programmes', outside)).toMatchObject({ status: 403 });
    expect(await test.as('author', 'POST', '/programmes', content({ area: '31321' }))).toMatchObject({
      status: 403,
    });
    const { id } = await approved({ target: { all: true }, schedule: once(localDay(1, '18:00:00')) });
    const [occurrence] = await occurrences(id);
    const deliveries = await test.as('viewer', 'GET', `/broadcasts/${occurrence!.broadcastId}/deliveries`);
    expect(
      (deliveries.body.items as unknown as { clusterId: string }[]).map(({ clusterId }) => clusterId),
    ).toEqual(['loa-1', 'loa-2', 'loa-quiet']);
  });
});
