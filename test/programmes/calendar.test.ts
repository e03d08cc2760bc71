import ICAL from 'ical.js';
import { createProgrammesApp, daily, type ProgrammesApp } from './support.js';

let test: ProgrammesApp;
beforeAll(async () => {
  test = await createProgrammesApp();
});
afterAll(() => test?.stop());

interface Shown {
  title: string;
  state: string;
  occurrences: { recurrenceId: string; startsAt: string; state: string | null }[];
}

const WEEK = 'from=2031-02-28T17:00:00Z&to=2031-03-07T17:00:00Z';

async function make(title: string, more: object = {}): Promise<string> {
  const answer = await test.call('POST', '/programmes', {
    token: test.adminToken,
    body: {
      title,
      area: '31318',
      items: [{ kind: 'audio', sha256: test.sha256 }],
      schedule: daily('2031-03-01T05:00:00'),
      ...more,
    },
  });
  expect(answer.status).toBe(201);
  return answer.body.id as unknown as string;
}

async function shown(query: string): Promise<Shown[]> {
  const answer = await test.as('viewer', 'GET', `/programmes/calendar?${query}`);
  expect(answer.status).toBe(200);
  return answer.body.items as unknown as Shown[];
}
const titles = async (query: string) => (await shown(`${WEEK}${query}`)).map(({ title }) => title).sort();
const feed = (area: string, headers: Record<string, string> = {}) =>
  fetch(`${test.url}/api/v1/areas/${area}/programmes.ics`, {
    headers: { authorization: `Bearer ${test.tokens.viewer}`, ...headers },
  });

describe('the calendar of programmes', () => {
  let submitted: string;
  beforeAll(async () => {
    submitted = await make('Bản tin sáng', { target: { clusterIds: ['loa-1'] } });
    const sent = await test.call('POST', `/programmes/${submitted}/submit`, {
      token: test.adminToken,
      body: {},
    });
    expect(sent.status).toBe(200);
    await make('Bản nháp', { schedule: { ...daily('2031-03-01T17:00:00'), rrule: 'FREQ=DAILY;COUNT=2' } });
    await make('Mẫu', { isTemplate: true });
    await make('Toàn tỉnh', { area: '93', target: { all: true } });
    await make('Cho phường III', { area: '93', target: { areas: ['31321'] } });
    await make('Cho một cụm', { area: '93', target: { clusterIds: ['loa-there'] } });
  });

  it('shows what begins in a period, by programme, without templates', async () => {
    const items = await shown(WEEK);
    const draft = items.find(({ title }) => title === 'Bản nháp');
    expect(draft).toMatchObject({
      state: 'DRAFT',
      occurrences: [
        { recurrenceId: '2031-03-01T17:00:00', startsAt: '2031-03-01T10:00:00.000Z', state: null },
        { recurrenceId: '2031-03-02T17:00:00', startsAt: '2031-03-02T10:00:00.000Z', state: null },
      ],
    });
    expect(items.find(({ title }) => title === 'Bản tin sáng')?.occurrences).toHaveLength(7);
    expect(items.map(({ title }) => title)).not.toContain('Mẫu');
    expect(await shown('from=2030-01-01T00:00:00Z&to=2030-02-01T00:00:00Z')).toEqual([]);
  });

  it('is of a unit, or of one cluster: what is planned there, and what from above is heard there', async () => {
    expect(await titles('&area=31318')).toEqual(['Bản nháp', 'Bản tin sáng', 'Toàn tỉnh']);
    expect(await titles('&area=31321')).toEqual(['Cho một cụm', 'Cho phường III', 'Toàn tỉnh']);
    expect(await titles('&area=93')).toHaveLength(5);
    expect(await titles('&cluster=loa-1')).toEqual(['Bản tin sáng', 'Toàn tỉnh']);
    expect(await titles('&cluster=loa-2')).toEqual(['Toàn tỉnh']);
    expect(await titles('&cluster=loa-there')).toEqual(['Cho một cụm', 'Cho phường III', 'Toàn tỉnh']);
  });

  it('refuses what it cannot show', async () => {
    const status = async (query: string) =>
      (await test.as('viewer', 'GET', `/programmes/calendar?${query}`)).status;
    expect(await status('')).toBe(400);
    expect(await status('from=2031-03-02T00:00:00Z&to=2031-03-01T00:00:00Z')).toBe(400);
    expect(await status('from=2031-03-02T00:00:00Z&to=2039-03-01T00:00:00Z')).toBe(400);
    expect(await status('from=x&to=y')).toBe(400);
    expect(await status(`${WEEK}&area=99999`)).toBe(404);
    expect(await status(`${WEEK}&cluster=loa-none`)).toBe(404);
  });

  it('is a feed that calendars read, which says when nothing has changed', async () => {
    const answer = await feed('31318');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const events = ICAL.Component.fromString(await answer.text()).getAllSubcomponents('vevent');
    // Drafts are nobody's affair yet.
    expect(
      events.map((event) => [
        event.getFirstPropertyValue('summary'),
        event.getFirstPropertyValue('status'),
        String(event.getFirstPropertyValue('dtstart')),
        String(event.getFirstPropertyValue('rrule')),
        String(event.getFirstPropertyValue('duration')),
      ]),
    ).toEqual([
      ['Bản tin sáng', 'TENTATIVE', '2031-03-01T05:00:00', 'FREQ=DAILY', expect.stringMatching(/^PT\d+S$/)],
    ]);
    const etag = answer.headers.get('etag')!;
    expect((await feed('31318', { 'if-none-match': etag })).status).toBe(304);
    expect((await feed('31318', { 'if-none-match': '"another"' })).status).toBe(200);
    expect((await feed('99999')).status).toBe(404);
    expect((await fetch(`${test.url}/api/v1/areas/31318/programmes.ics`)).status).toBe(401);
  });

  it('makes drafts of a calendar file, or nothing of one that it does not understand', async () => {
    const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
    const file = (...events: string[][]) =>
      ['BEGIN:VCALENDAR', ...events.flat(), 'END:VCALENDAR', ''].join('\r\n');
    const good = event('UID:1', 'SUMMARY:Từ lịch', 'DTSTART:20320101T100000Z', 'RRULE:FREQ=DAILY;COUNT=2');
    const bad = event('UID:2', 'SUMMARY:Hằng giờ', 'DTSTART:20320101T100000Z', 'RRULE:FREQ=HOURLY');
    const refused = await test.as('author', 'POST', '/programmes/calendar', { calendar: file(good, bad) });
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'calendar.events.1 (2)', code: 'FREQ' }] },
    });
    const year = 'from=2032-01-01T00:00:00Z&to=2032-02-01T00:00:00Z';
    const read = async () => (await shown(year)).filter(({ title }) => title === 'Từ lịch');
    expect(await read()).toEqual([]);
    const made = await test.as('author', 'POST', '/programmes/calendar', { calendar: file(good) });
    expect(made).toMatchObject({
      status: 201,
      body: { items: [{ title: 'Từ lịch', state: 'DRAFT', areaCode: '31318', items: [] }] },
    });
    expect((await read())[0]?.occurrences.map(({ recurrenceId }) => recurrenceId)).toEqual([
      '2032-01-01T17:00:00',
      '2032-01-02T17:00:00',
    ]);
    const viewer = await test.as('viewer', 'POST', '/programmes/calendar', { calendar: file(good) });
    expect(viewer.status).toBe(403);
  });

  it('shows a year of programmes of 120 clusters', async () => {
    const schedule = JSON.stringify(daily('2040-01-01T05:00:00'));
    await test.query(
      `insert into programmes (id, title, class, state, area_id, items, target, on_interrupt, on_overrun, schedule,
         authors, created_by, created_at, updated_by, updated_at)
       select gen_random_uuid(), 'Cụm ' || n, 'NORMAL', 'DRAFT', $1, '[]', '{"clusterIds": ["loa-1"]}', 'RESUME',
         'FINISH', $2::jsonb, '[]', 'test', now(), 'test', now() from generate_series(1, 120) n`,
      [test.units.here, schedule],
    );
    const startedMs = performance.now();
    const items = await shown('from=2039-12-31T17:00:00Z&to=2040-12-31T17:00:00Z&area=93');
    console.log(`a year of 120 programmes: ${Math.round(performance.now() - startedMs)} ms`);
    const ours = items.filter(({ title }) => title.startsWith('Cụm '));
    expect(ours).toHaveLength(120);
    // 2040 is a leap year.
    expect(ours.every(({ occurrences }) => occurrences.length === 366)).toBe(true);
  });
});
