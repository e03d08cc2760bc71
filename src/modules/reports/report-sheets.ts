import { Readable } from 'node:stream';
import { DELIVERY_STATES, type DeliveryState } from '../broadcasts/index.js';
import { csvOf, type Field, type Row, xlsxOf } from '../exchange/index.js';
import { localText } from './domain/period.js';
import { ageS, finishedPercent } from './domain/tally.js';
import { keyNames } from './report-sql.js';
import type { PlayProof, PlayReport } from './report.types.js';
import type { ReportFormat } from './reports.dto.js';

/** What a state is called in a column or a table for people. */
export const STATE_NAMES: Readonly<Record<DeliveryState, string>> = {
  PLANNED: 'Kế hoạch',
  SENT: 'Đã gửi, chưa trả lời',
  ACCEPTED: 'Đã nhận, chưa phát',
  STARTED: 'Đang phát',
  FINISHED: 'Phát xong',
  FAILED: 'Lỗi',
  REJECTED: 'Từ chối',
  MISSED: 'Bỏ lỡ',
  INTERRUPTED: 'Bị ngắt',
  CANCELLED: 'Đã hủy',
  EXPIRED: 'Quá hạn',
  UNKNOWN: 'Không rõ',
};

/** What a line is of, in words. */
export const KEY_TITLES: Readonly<Record<string, string>> = {
  month: 'Tháng',
  districtCode: 'Mã cấp huyện',
  districtName: 'Cấp huyện',
  unitCode: 'Mã đơn vị',
  unitName: 'Đơn vị',
  programmeTitle: 'Chương trình',
  programmeId: 'Mã chương trình',
  clusterId: 'Mã cụm loa',
  clusterName: 'Cụm loa',
  class: 'Loại bản tin',
};

const text = (key: string, titleVi: string): Field => ({ key, titleVi, type: 'text', aliases: [] });
const number = (key: string, titleVi: string): Field => ({
  key,
  titleVi,
  type: 'number',
  unit: '',
  aliases: [],
});

const TALLY_FIELDS: readonly Field[] = [
  number('total', 'Tổng lượt phát'),
  number('sent', 'Đã gửi đi'),
  number('accepted', 'Cụm loa đã nhận'),
  number('mediaReady', 'Có sẵn âm thanh'),
  number('started', 'Đã bắt đầu phát'),
  number('finished', 'Đã phát hết'),
  number('finishedPercent', 'Tỷ lệ phát hết (%)'),
  ...DELIVERY_STATES.map((state) => number(state, `Trạng thái: ${STATE_NAMES[state]}`)),
  number('otherAudio', 'Phát sai tệp'),
  number('unknownNeverHeard', 'Không rõ: cụm chưa từng liên lạc'),
  text('unknownHeardAt', 'Không rõ: liên lạc cuối'),
  number('unknownAgeS', 'Không rõ: im lặng (giây)'),
];

const PLAY_FIELDS: readonly Field[] = [
  text('startsAt', 'Giờ phát theo kế hoạch'),
  text('title', 'Bản tin'),
  text('class', 'Loại bản tin'),
  text('programmeTitle', 'Chương trình'),
  text('unitCode', 'Mã đơn vị'),
  text('unitName', 'Đơn vị'),
  text('districtName', 'Cấp huyện'),
  text('clusterId', 'Mã cụm loa'),
  text('clusterName', 'Cụm loa'),
  text('state', 'Trạng thái'),
  text('code', 'Lý do'),
  text('plannedAt', 'Lên kế hoạch lúc'),
  text('sentAt', 'Gửi lúc'),
  text('acceptedAt', 'Cụm loa nhận lúc'),
  { key: 'mediaReady', titleVi: 'Có sẵn âm thanh', type: 'boolean', aliases: [] },
  text('startedAt', 'Bắt đầu (đồng hồ cụm loa)'),
  text('startedAtTrue', 'Bắt đầu (đã hiệu chỉnh)'),
  text('endedAt', 'Kết thúc (đồng hồ cụm loa)'),
  number('clockOffsetMs', 'Lệch đồng hồ (ms)'),
  { key: 'clockSynced', titleVi: 'Đồng hồ đã đồng bộ', type: 'boolean', aliases: [] },
  number('volumePercent', 'Âm lượng (%)'),
  text('sha256Ordered', 'SHA-256 được duyệt'),
  text('sha256Played', 'SHA-256 đã phát'),
  text('approvedBy', 'Người duyệt'),
  text('approvedAt', 'Duyệt lúc'),
  text('createdBy', 'Người tạo lệnh phát'),
  text('lastWordAt', 'Tin cuối về lượt phát'),
  text('clusterHeardAt', 'Liên lạc cuối của cụm loa'),
  number('clusterSilentS', 'Im lặng (giây)'),
  text('playId', 'Mã lượt phát'),
];

const TIMES = [
  'startsAt',
  'plannedAt',
  'sentAt',
  'acceptedAt',
  'startedAt',
  'startedAtTrue',
  'endedAt',
  'approvedAt',
  'lastWordAt',
  'clusterHeardAt',
] as const satisfies readonly (keyof PlayProof)[];

export interface FileOptions {
  format: ReportFormat;
  headings: 'keys' | 'vi';
}

/** The lines of a report and, behind them, their total. */
export function reportFile(report: PlayReport, options: FileOptions): Readable {
  const names = keyNames(report.groupBy);
  const fields = [...names.map((name) => text(name, KEY_TITLES[name] ?? name)), ...TALLY_FIELDS];
  const rows = [...report.lines, report.total].map((line): Row => ({
    ...line,
    ...line.byState,
    finishedPercent: finishedPercent(line),
    unknownHeardAt: localText(line.unknownHeardAt),
    unknownAgeS: ageS(line.unknownHeardAt, report.generatedAt),
  }));
  const last = rows.length - 1;
  rows[last] = { ...rows[last], [names[0] ?? '']: 'Tổng cộng' };
  return fileOf('bao-cao', fields, options, Readable.from([rows]));
}

/** Every play, in times of Việt Nam. */
export function playsFile(
  plays: AsyncIterable<readonly PlayProof[]>,
  options: FileOptions,
  now: Date,
): Readable {
  async function* rows(): AsyncGenerator<Row[]> {
    for await (const batch of plays) yield batch.map((play) => playRow(play, options, now));
  }
  return fileOf('luot-phat', PLAY_FIELDS, options, rows());
}

function playRow(play: PlayProof, { headings }: FileOptions, now: Date): Row {
  return {
    ...play,
    ...Object.fromEntries(TIMES.map((key) => [key, localText(play[key])])),
    state: headings === 'vi' ? STATE_NAMES[play.state] : play.state,
    clusterSilentS: ageS(play.clusterHeardAt, now),
  };
}

function fileOf(
  name: string,
  fields: readonly Field[],
  { format, headings }: FileOptions,
  batches: AsyncIterable<readonly Row[]>,
): Readable {
  const head = {
    fields,
    onlyForReading: true,
    headings: fields.map(({ key, titleVi }) => (headings === 'vi' ? (titleVi ?? key) : key)),
  };
  return format === 'csv' ? Readable.from(csvOf(head, batches)) : xlsxOf(name, head, batches);
}
