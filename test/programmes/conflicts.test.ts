import { createProgrammesApp, localDay, once, type ProgrammesApp } from './support.js';

let test: ProgrammesApp;
beforeAll(async () => {
  test = await createProgrammesApp();
});
afterAll(() => test?.stop());

interface Told {
  programme: { id: string; contentHash: string };
  conflicts: Conflicts;
}
interface Conflicts {
  total: number;
  blocking: number;
  items: {
    blocks: boolean;
    earlier: { title: string };
    later: { title: string };
    clusterIds: string[];
    settledBy: string;
    proposals: { kind: string; programmeId: string; startsAt: string | null }[];
  }[];
}

/** A programme of ours that is submitted, with what was told of its conflicts. */
async function submitted(title: string, kind: string, startsAt: string, clusterIds: string[]): Promise<Told> {
  const made = await test.as('author', 'POST', '/programmes', {
    title,
    class: kind,
    items: [{ kind: 'audio', sha256: test.sha256 }],
    target: { clusterIds },
    schedule: once(startsAt),
  });
  const answer = await test.as('author', 'POST', `/programmes/${String(made.body.id)}/submit`, {});
  expect(answer.status).toBe(200);
  return answer.body as unknown as Told;
}

const approve = ({ programme: { id, contentHash } }: Told) =>
  test.as('approver', 'POST', `/programmes/${id}/approve`, { contentHash });

it('names both sides to who submits, and does not let two of PRIORITY be approved beside each other', async () => {
  const first = await submitted('Tin ưu tiên một', 'PRIORITY', localDay(2, '12:00:00'), ['loa-1', 'loa-2']);
  expect(first.conflicts.total).toBe(0);
  expect((await approve(first)).status).toBe(200);

  const second = await submitted('Tin ưu tiên hai', 'PRIORITY', localDay(2, '12:00:01'), [
    'loa-2',
    'loa-quiet',
  ]);
  expect(second.conflicts).toMatchObject({
    total: 1,
    blocking: 1,
    items: [
      {
        blocks: true,
        earlier: { title: 'Tin ưu tiên một' },
        later: { title: 'Tin ưu tiên hai' },
        clusterIds: ['loa-2'],
        settledBy: 'COMMUNE',
      },
    ],
  });
  const refused = await approve(second);
  expect(refused).toMatchObject({ status: 409, body: { code: 'PRIORITY_CONFLICT' } });
  for (const text of [refused.body.detail, refused.body.detailVi])
    for (const title of ['Tin ưu tiên một', 'Tin ưu tiên hai']) expect(text).toContain(title);

  // The commune decides: one of them goes elsewhere.
  const { id } = second.programme;
  await test.as('author', 'PATCH', `/programmes/${id}`, { schedule: once(localDay(2, '13:30:00')) });
  const again = await test.as('author', 'POST', `/programmes/${id}/submit`, {});
  expect(await approve(again.body as unknown as Told)).toMatchObject({
    status: 200,
    body: { state: 'SCHEDULED' },
  });
});

it('warns of two of NORMAL with proposals, and asks nobody to decide', async () => {
  const first = await submitted('Tin thường một', 'NORMAL', localDay(2, '14:00:00'), ['loa-1']);
  const second = await submitted('Tin thường hai', 'NORMAL', localDay(2, '14:00:01'), ['loa-1']);
  const [conflict] = second.conflicts.items;
  expect(conflict).toMatchObject({ blocks: false, settledBy: 'FINISH' });
  expect(conflict!.proposals.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['SHIFT', 'DROP']));
  const seen = await test.as('viewer', 'GET', `/programmes/${first.programme.id}/conflicts`);
  expect(seen.body).toMatchObject({ total: 1, blocking: 0 });
  expect((await approve(first)).status).toBe(200);
  expect((await approve(second)).status).toBe(200);
});

it('finds none between classes, at other clusters, or before anything is submitted', async () => {
  const at = localDay(2, '15:00:00');
  await submitted('Tin thường ba', 'NORMAL', at, ['loa-1']);
  expect((await submitted('Tin ưu tiên ba', 'PRIORITY', at, ['loa-1'])).conflicts.total).toBe(0);
  expect((await submitted('Tin thường bốn', 'NORMAL', at, ['loa-2'])).conflicts.total).toBe(0);
  const draft = await test.as('author', 'POST', '/programmes', { title: 'Nháp' });
  const path = `/programmes/${String(draft.body.id)}/conflicts`;
  expect(await test.as('author', 'GET', path)).toMatchObject({
    status: 409,
    body: { code: 'NOT_SUBMITTED' },
  });
});

describe('what is written', () => {
  it('is refused with everything that is wrong', async () => {
    const answer = await test.as('author', 'POST', '/programmes', {
      title: ' ',
      items: [{ kind: 'audio' }],
      schedule: { startsAt: 'tomorrow', rrule: null },
    });
    expect(answer).toMatchObject({ status: 400 });
    const fields = (answer.body.errors as unknown as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['title', 'items.0.sha256', 'schedule.startsAt']));
    const unknown = { title: 'x', items: [{ kind: 'audio', sha256: 'f'.repeat(64) }] };
    expect((await test.as('author', 'POST', '/programmes', unknown)).status).toBe(400);
    expect((await test.as('author', 'GET', '/programmes/nonsense')).status).toBe(404);
  });

  it('is not submitted before it is whole', async () => {
    const draft = await test.as('author', 'POST', '/programmes', { title: 'Nháp' });
    const answer = await test.as('author', 'POST', `/programmes/${String(draft.body.id)}/submit`, {});
    const fields = (answer.body.errors as unknown as { field: string }[]).map(({ field }) => field);
    expect([answer.status, fields]).toEqual([400, ['items', 'target', 'schedule']]);
  });

  it('is copied from a template, which is never played itself', async () => {
    const template = await test.as('author', 'POST', '/programmes', {
      title: 'Mẫu bản tin',
      isTemplate: true,
      items: [{ kind: 'audio', sha256: test.sha256 }],
      target: { all: true },
      schedule: once(localDay(3, '10:00:00')),
    });
    const path = `/programmes/${String(template.body.id)}`;
    expect(await test.as('author', 'POST', `${path}/submit`, {})).toMatchObject({
      status: 409,
      body: { code: 'TEMPLATE' },
    });
    const copy = await test.as('approver', 'POST', `${path}/copy`, { title: 'Bản tin thứ hai' });
    expect(copy.body).toMatchObject({
      title: 'Bản tin thứ hai',
      isTemplate: false,
      copiedFrom: template.body.id,
      authors: [{ name: 'approver' }],
      target: { all: true },
    });
    const abroad = await test.as('elsewhere', 'POST', `${path}/copy`, {});
    expect(abroad.body).toMatchObject({ areaCode: '31321', target: null });
  });

  it('is listed page by page, by unit, state and title', async () => {
    const list = async (query: string) =>
      (await test.as('viewer', 'GET', `/programmes?${query}`)).body as unknown as {
        items: { id: string; title: string }[];
        nextCursor: string | null;
      };
    const all = await list('limit=1000');
    expect(all.nextCursor).toBeNull();
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const page = await list(`limit=2${cursor}`);
      paged.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(all.items.map(({ id }) => id));
    expect((await list('isTemplate=true')).items.map(({ title }) => title)).toEqual(['Mẫu bản tin']);
    expect((await list('area=31321')).items).toHaveLength(1);
    expect((await list('area=93&limit=1000')).items).toHaveLength(all.items.length);
    expect((await list(`q=${encodeURIComponent('ưu tiên hai')}`)).items).toHaveLength(1);
    expect((await test.as('viewer', 'GET', '/programmes?area=nowhere')).status).toBe(404);
    expect((await test.as('viewer', 'GET', '/programmes?cursor=x')).status).toBe(400);
  });
});
