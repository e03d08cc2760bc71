import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { DELIVERY_STATES, type DeliveryState } from '../../src/modules/broadcasts/index.js';
import { periodOfDays, periodOfMonth } from '../../src/modules/reports/domain/period.js';
import { sumTallies, type Tally } from '../../src/modules/reports/domain/tally.js';
import { reportPage } from '../../src/modules/reports/report-page.js';
import { playsFile, reportFile } from '../../src/modules/reports/report-sheets.js';
import type { PlayProof, PlayReport, ReportLine } from '../../src/modules/reports/report.types.js';
import { readAll, removeTemporary } from '../exchange/files.js';

const FOLDER = path.join(import.meta.dirname, 'golden');
const golden = (name: string) => fs.readFileSync(path.join(FOLDER, name), 'utf8');
afterAll(removeTemporary);

const at = (text: string) => new Date(text);
const NOW = at('2025-04-01T02:00:00Z');

function tally(states: Partial<Record<DeliveryState, number>>, more: Partial<Tally> = {}): Tally {
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  const finished = states.FINISHED ?? 0;
  const begun = finished + (states.INTERRUPTED ?? 0);
  return {
    total,
    byState: Object.fromEntries(DELIVERY_STATES.map((state) => [state, states[state] ?? 0])),
    sent: begun,
    accepted: begun,
    mediaReady: begun,
    started: begun,
    finished,
    settled: total,
    otherAudio: 0,
    unknownNeverHeard: 0,
    unknownHeardAt: null,
    ...more,
  };
}

function report(
  groupBy: PlayReport['groupBy'],
  lines: ReportLine[],
  more: Partial<PlayReport> = {},
): PlayReport {
  return {
    generatedAt: NOW,
    period: periodOfMonth('2025-03'),
    unit: { id: '5d0c1b7a-0a4e-4a39-9b0e-8c9f4f6b2a10', code: '930', name: 'Thành phố Vị Thanh' },
    unitsOn: null,
    groupBy,
    lines,
    total: sumTallies(DELIVERY_STATES, lines),
    neverBroadcast: [],
    ...more,
  };
}

const MONTH = report(
  ['unit', 'programme'],
  [
    {
      unitCode: '31318',
      unitName: 'Phường I',
      programmeId: '9f2f64a5-6d5e-4f4b-9d7d-0a3c5b1e7f10',
      programmeTitle: 'Bản tin sáng',
      ...tally({ FINISHED: 1230, INTERRUPTED: 4, MISSED: 6 }),
    },
    {
      unitCode: '31318',
      unitName: 'Phường I',
      programmeId: '0b5a8e1e-5a4c-4d57-8b7e-2d4f6a1c9e01',
      programmeTitle: '=cmd|\'/C calc\'!A0 <b>"chiều"</b> & tối',
      ...tally({ FINISHED: 100, FAILED: 1, EXPIRED: 2 }, { otherAudio: 1 }),
    },
    {
      unitCode: null,
      unitName: null,
      programmeId: null,
      programmeTitle: null,
      ...tally(
        { UNKNOWN: 12, PLANNED: 3, CANCELLED: 1, REJECTED: 2 },
        { unknownNeverHeard: 2, unknownHeardAt: at('2025-03-20T03:04:05Z'), settled: 15 },
      ),
    },
  ],
  {
    neverBroadcast: [
      {
        programmeId: '9f2f64a5-6d5e-4f4b-9d7d-0a3c5b1e7f10',
        programmeTitle: 'Bản tin sáng',
        unitCode: '31318',
        unitName: 'Phường I',
        startsAt: at('2025-03-09T15:00:00Z'),
        state: 'REFUSED',
        code: 'QUIET_HOURS',
        reasonEn: 'In quiet hours.',
        reasonVi: 'Trong giờ yên tĩnh.',
      },
    ],
  },
);

const PLAY: PlayProof = {
  playId: '0b5a8e1e-5a4c-4d57-8b7e-2d4f6a1c9e01',
  startsAt: at('2025-03-01T22:00:00Z'),
  broadcastId: '6c1f0f0e-52a4-4c7b-9a57-2f0f6b7c1d22',
  title: 'Bản tin sáng',
  class: 'NORMAL',
  programmeId: '9f2f64a5-6d5e-4f4b-9d7d-0a3c5b1e7f10',
  programmeTitle: 'Bản tin sáng',
  clusterId: 'hgi-31318-01',
  clusterName: '=HYPERLINK("http://x";"Cụm 1")',
  districtName: 'Thành phố Vị Thanh',
  unitCode: '31318',
  unitName: 'Phường I',
  state: 'FINISHED',
  settled: true,
  code: null,
  plannedAt: at('2025-02-28T10:00:00Z'),
  sentAt: null,
  acceptedAt: null,
  startedAt: at('2025-03-01T22:00:00.310Z'),
  finishedAt: at('2025-03-01T22:14:58.120Z'),
  endedAt: at('2025-03-01T22:14:58.120Z'),
  mediaReady: true,
  clockSynced: true,
  clockOffsetMs: -10,
  startedAtTrue: at('2025-03-01T22:00:00.320Z'),
  sha256Ordered: 'a'.repeat(64),
  sha256Played: 'a'.repeat(64),
  volumePercent: 70,
  approvedBy: '@tran.thi.b',
  approvedAt: at('2025-02-27T03:00:00Z'),
  createdBy: 'system',
  lastWordAt: at('2025-03-01T22:14:59Z'),
  clusterHeardAt: at('2025-04-01T01:59:10Z'),
};
const NOTHING_KNOWN: PlayProof = {
  ...PLAY,
  playId: '2d4f6a1c-5a4c-4d57-8b7e-0b5a8e1e9e01',
  programmeId: null,
  programmeTitle: null,
  clusterName: '-2+3',
  state: 'UNKNOWN',
  startedAt: null,
  // A device’s clock may say what no calendar has.
  acceptedAt: new Date(Number.NaN),
  finishedAt: null,
  endedAt: null,
  mediaReady: null,
  clockSynced: null,
  clockOffsetMs: null,
  startedAtTrue: null,
  sha256Played: null,
  volumePercent: null,
  approvedBy: null,
  approvedAt: null,
  lastWordAt: null,
  clusterHeardAt: null,
};

async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer | string));
  return Buffer.concat(parts);
}
async function* batches(): AsyncGenerator<PlayProof[]> {
  yield [PLAY];
  yield [NOTHING_KNOWN];
}

it.each([
  ['report.csv', () => bytesOf(reportFile(MONTH, { format: 'csv', headings: 'vi' }))],
  ['plays.csv', () => bytesOf(playsFile(batches(), { format: 'csv', headings: 'vi' }, NOW))],
  ['plays-keys.csv', () => bytesOf(playsFile(batches(), { format: 'csv', headings: 'keys' }, NOW))],
  ['report.html', async () => Buffer.from(reportPage(MONTH))],
])('writes %s as it always did', async (name, made) => {
  expect((await made()).toString('utf8')).toBe(golden(name));
});

it('writes the same table as XLSX, with texts that are no formulas', async () => {
  const csv = await readAll(await bytesOf(reportFile(MONTH, { format: 'csv', headings: 'vi' })));
  const xlsx = await readAll(await bytesOf(reportFile(MONTH, { format: 'xlsx', headings: 'vi' })));
  expect(xlsx.columns).toEqual(csv.columns);
  const texts = (rows: typeof csv.rows) =>
    rows.map(({ values }) =>
      csv.columns.map((_, i) => String((values[i] ?? '') as string).replace(/^'(?=[=+@-])/, '')),
    );
  expect(texts(xlsx.rows)).toEqual(texts(csv.rows));
  expect(texts(xlsx.rows)[1]).toContain('=cmd|\'/C calc\'!A0 <b>"chiều"</b> & tối');
  expect(texts(xlsx.rows).at(-1)?.slice(0, 5)).toEqual(['Tổng cộng', '', '', '', '1361']);
});

it('says days, months and other units in words, and nothing to count as nothing', () => {
  const empty = reportPage(
    report(['month', 'district', 'cluster', 'class'], [], {
      unit: null,
      unitsOn: '2025-07-01',
      period: periodOfDays('2024-02-01', '2024-02-28'),
    }),
  );
  expect(empty).toContain('Từ ngày 01/02/2024 đến ngày 28/02/2024, theo địa giới ngày 01/07/2025');
  expect(empty).toContain('TOÀN TỈNH');
  expect(empty).toContain('<td class="number">–</td>');
  expect(reportPage(report(['unit'], [], { period: periodOfMonth('2024-02') }))).toContain('Tháng 02/2024');
  const line: ReportLine = {
    month: '2025-03',
    class: 'EMERGENCY',
    districtCode: null,
    districtName: null,
    ...tally({ UNKNOWN: 1 }, { unknownHeardAt: at('2025-04-01T01:15:00Z') }),
  };
  const one = reportPage(report(['month', 'district', 'class'], [line]));
  expect(one).toContain('<td>03/2025</td><td>Không qua cấp huyện</td><td>Khẩn cấp</td>');
  expect(one).toContain('lúc 08:15 01/04/2025 (cách đây 45 phút).');
});
