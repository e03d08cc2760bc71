import { LOCAL_OFFSET, localText } from './domain/period.js';
import { ageS, finishedPercent, type Tally } from './domain/tally.js';
import { KEY_TITLES, STATE_NAMES } from './report-sheets.js';
import { keyNames } from './report-sql.js';
import type { NeverBroadcast, PlayReport, ReportLine } from './report.types.js';

/** Names are shown where they say as much as the codes beside them. */
const LEFT_OUT = new Set(['districtCode', 'programmeId']);
const CLASS_NAMES: Readonly<Record<string, string>> = {
  NORMAL: 'Thông thường',
  PRIORITY: 'Ưu tiên',
  EMERGENCY: 'Khẩn cấp',
};
const NOBODY: Readonly<Record<string, string>> = {
  districtName: 'Không qua cấp huyện',
  unitCode: '–',
  unitName: 'Ngoài địa giới các đơn vị',
  programmeTitle: 'Phát theo lệnh, không theo chương trình',
};
const OPEN = ['PLANNED', 'SENT', 'ACCEPTED', 'STARTED'];

interface Column {
  title: string;
  of: (tally: Tally) => number | string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Tổng lượt phát', of: ({ total }) => total },
  { title: 'Đã gửi đi', of: ({ sent }) => sent },
  { title: 'Cụm loa đã nhận', of: ({ accepted }) => accepted },
  { title: 'Có sẵn âm thanh', of: ({ mediaReady }) => mediaReady },
  { title: 'Đã bắt đầu', of: ({ started }) => started },
  { title: 'Phát hết', of: ({ finished }) => finished },
  { title: 'Phát hết (%)', of: (tally) => finishedPercent(tally)?.toLocaleString('vi-VN') ?? '–' },
  ...(['INTERRUPTED', 'FAILED', 'REJECTED', 'MISSED', 'CANCELLED', 'EXPIRED', 'UNKNOWN'] as const).map(
    (state): Column => ({ title: STATE_NAMES[state], of: ({ byState }) => byState[state] ?? 0 }),
  ),
  {
    title: 'Chưa kết thúc',
    of: ({ byState }) => OPEN.reduce((sum, state) => sum + (byState[state] ?? 0), 0),
  },
];

const STYLE = `
  @page { size: A4 landscape; margin: 15mm 12mm }
  * { box-sizing: border-box }
  body { font: 10.5pt/1.35 'Times New Roman', 'Liberation Serif', 'Noto Serif', serif; color: #000; margin: 0 auto; max-width: 273mm }
  header { display: flex; justify-content: space-between; text-align: center; gap: 10mm }
  header p { margin: 0 }
  .motto { border-bottom: 0.5pt solid #000; display: inline-block; padding-bottom: 1mm }
  h1 { font-size: 15pt; text-align: center; margin: 8mm 0 1mm }
  h2 { font-size: 11.5pt; margin: 6mm 0 2mm }
  .of { text-align: center; margin: 0 0 4mm }
  table { border-collapse: collapse; width: 100% }
  thead { display: table-header-group }
  tr { break-inside: avoid }
  th, td { border: 0.5pt solid #000; padding: 0.8mm 1.2mm; vertical-align: middle }
  th { font-size: 8.5pt; background: #eee; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
  tr.total td { font-weight: bold }
  .notes { font-size: 9pt; margin: 3mm 0 0; padding-left: 5mm }
  .sign { display: flex; justify-content: space-around; text-align: center; margin-top: 8mm; break-inside: avoid }
  .sign p { margin: 0 0 22mm; font-weight: bold }
  .sign small { display: block; font-weight: normal; font-style: italic }
  @media screen { body { padding: 10mm } }
`;

/** The report as a page to be printed on A4, in Vietnamese. */
export function reportPage(report: PlayReport): string {
  const names = keyNames(report.groupBy).filter((name) => !LEFT_OUT.has(name));
  const heads = [...names.map((name) => KEY_TITLES[name] ?? name), ...COLUMNS.map(({ title }) => title)];
  const rows = report.lines.map((line) => rowOf(names, line)).join('\n');
  const total = `<tr class="total"><td colspan="${names.length}">Tổng cộng</td>${numbersOf(report.total)}</tr>`;
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Báo cáo phát thanh ${escaped(periodText(report))}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<div><p>${escaped((report.unit?.name ?? 'Toàn tỉnh').toUpperCase())}</p><p><b>HỆ THỐNG TRUYỀN THANH</b></p></div>
<div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p><p class="motto"><b>Độc lập – Tự do – Hạnh phúc</b></p></div>
</header>
<h1>BÁO CÁO KẾT QUẢ PHÁT THANH</h1>
<p class="of">${escaped(periodText(report))}${report.unitsOn === null ? '' : `, theo địa giới ngày ${dayText(report.unitsOn)}`}</p>
<table>
<thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join('')}</tr></thead>
<tbody>
${rows}
${total}
</tbody>
</table>
${neverBroadcastTable(report.neverBroadcast)}
<ul class="notes">
${notesOf(report)
  .map((note) => `<li>${escaped(note)}</li>`)
  .join('\n')}
</ul>
<div class="sign"><p>Người lập báo cáo<small>(Ký, ghi rõ họ tên)</small></p><p>Thủ trưởng đơn vị<small>(Ký tên, đóng dấu)</small></p></div>
</body>
</html>
`;
}

function rowOf(names: readonly string[], line: ReportLine): string {
  const values = line as unknown as Readonly<Record<string, string | null | undefined>>;
  const cells = names.map((name) => {
    const value = values[name] ?? NOBODY[name] ?? '–';
    const shown =
      name === 'class' ? (CLASS_NAMES[value] ?? value) : name === 'month' ? monthText(value) : value;
    return `<td>${escaped(shown)}</td>`;
  });
  return `<tr>${cells.join('')}${numbersOf(line)}</tr>`;
}

function numbersOf(tally: Tally): string {
  return COLUMNS.map(({ of }) => {
    const value = of(tally);
    const shown = typeof value === 'number' ? value.toLocaleString('vi-VN') : value;
    return `<td class="number">${escaped(shown)}</td>`;
  }).join('');
}

function neverBroadcastTable(items: readonly NeverBroadcast[]): string {
  if (items.length === 0) return '';
  const why = {
    REFUSED: 'Không được phép phát',
    WITHDRAWN: 'Đã rút',
    MISSED: 'Máy chủ không hoạt động đúng giờ',
  };
  const rows = items.map(
    ({ startsAt, programmeTitle, unitName, state, reasonVi }) =>
      `<tr>${[timeText(startsAt), programmeTitle, unitName, why[state], reasonVi ?? '']
        .map((cell) => `<td>${escaped(cell)}</td>`)
        .join('')}</tr>`,
  );
  const heads = ['Giờ phát', 'Chương trình', 'Đơn vị', 'Tình trạng', 'Lý do'];
  return `<h2>Buổi phát không được thực hiện (không có cụm loa nào nhận lệnh)</h2>
<table>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function notesOf({ total, generatedAt, unitsOn }: PlayReport): string[] {
  const notes = [
    'Mỗi lượt phát là một bản tin tại một cụm loa. “Phát hết” chỉ tính khi chính cụm loa báo đã phát hết; “Đã gửi đi” không có nghĩa là đã phát.',
    unitsOn === null
      ? 'Mỗi lượt phát thuộc về đơn vị hành chính của cụm loa tại ngày phát.'
      : 'Lượt phát được tính theo vị trí cụm loa trên địa giới của ngày nêu trên.',
  ];
  const unknown = total.byState['UNKNOWN'] ?? 0;
  if (unknown > 0)
    notes.push(
      `“Không rõ”: ${unknown.toLocaleString('vi-VN')} lượt đã qua giờ mà cụm loa chưa báo kết quả; ${heardText(total, generatedAt)}`,
    );
  if (total.otherAudio > 0)
    notes.push(`Có ${total.otherAudio.toLocaleString('vi-VN')} lượt phát tệp khác với tệp được duyệt.`);
  notes.push(`Lập lúc ${timeText(generatedAt)} (giờ Việt Nam, ${LOCAL_OFFSET}).`);
  return notes;
}

function heardText({ unknownHeardAt, unknownNeverHeard }: Tally, now: Date): string {
  const never =
    unknownNeverHeard === 0
      ? ''
      : `${unknownNeverHeard.toLocaleString('vi-VN')} lượt tại cụm loa chưa từng liên lạc`;
  const silentS = ageS(unknownHeardAt, now);
  const silent =
    silentS === null
      ? ''
      : `cụm loa im lặng lâu nhất liên lạc lần cuối lúc ${timeText(unknownHeardAt)} (cách đây ${ageText(silentS)})`;
  return `${[never, silent].filter((part) => part !== '').join('; ')}.`;
}

function ageText(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} phút`;
  if (seconds < 2 * 24 * 3600) return `${Math.floor(seconds / 3600)} giờ`;
  return `${Math.floor(seconds / (24 * 3600)).toLocaleString('vi-VN')} ngày`;
}

function periodText({ period: { firstDay, lastDay } }: PlayReport): string {
  const month = firstDay.slice(0, 7);
  const wholeMonth =
    firstDay.endsWith('-01') &&
    month === lastDay.slice(0, 7) &&
    new Date(Date.parse(`${lastDay}T00:00:00Z`) + 24 * 3600_000).getUTCDate() === 1;
  return wholeMonth
    ? `Tháng ${monthText(month)}`
    : `Từ ngày ${dayText(firstDay)} đến ngày ${dayText(lastDay)}`;
}

const monthText = (month: string) => month.split('-').reverse().join('/');
const dayText = (day: string) => day.split('-').reverse().join('/');

/** `22:05 09/03/2025` in Việt Nam. */
function timeText(at: Date | null): string {
  const [day = '', time = ''] = (localText(at) ?? '').split(' ');
  return `${time.slice(0, 5)} ${dayText(day)}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
