import type { LevelClass, Threshold } from '../domain/index.js';
import { scaleBarM, type MapFrame } from './frame.js';
import type { MapModel } from './map-model.js';
import { CLASS_COLOURS, CLASS_NAMES, INK, number, percent, PLACE_NAMES, xml } from './map-style.js';

export const PAPER = { width: 1280, height: 830 } as const;
const LEFT = 920;
const RIGHT = PAPER.width - 30;
/** Where the two columns of percentages end. */
const AREA_COLUMN = RIGHT - 82;
const PEOPLE_COLUMN = RIGHT;

/** Everything on the paper but the map itself: title, legend, scale, provenance, notice. */
export function drawPanel(model: MapModel, frame: MapFrame): string {
  return [
    `<title>${xml(titleOf(model).vi)} – ${xml(titleOf(model).en)}</title>`,
    `<desc>${xml(description(model))}</desc>`,
    `<rect width="${PAPER.width}" height="${PAPER.height}" fill="${INK.paper}"/>`,
    drawTitle(model),
    drawLegend(model),
    drawSymbols(model),
    drawProvenance(model),
    drawScale(frame),
    model.synthetic ? drawNotice() : '',
  ].join('\n');
}

function titleOf({ technology, environment, place }: MapModel): { vi: string; en: string } {
  const where = PLACE_NAMES[environment];
  return {
    vi: `Vùng phủ sóng ${technology} ${where.vi} · ${place}`,
    en: `${technology} coverage ${where.en}`,
  };
}

function description(model: MapModel): string {
  const covered = 100 - (model.classes.find(({ name }) => name === 'none')?.areaPercent ?? 0);
  return [
    `${titleOf(model).en}: ${covered.toFixed(1)} % of the area.`,
    `Run ${model.runId}, boundaries of ${model.boundaryDate}.`,
    ...(model.synthetic ? ['Synthetic demo data.'] : []),
  ].join(' ');
}

function drawTitle(model: MapModel): string {
  const { vi, en } = titleOf(model);
  const who = model.operator ?? 'all operators, the best';
  const about = `${en} · ${who} · ${number(model.probability * 100)} % at the cell edge`;
  return [
    text(30, 48, vi, 'font-size="27" font-weight="700"'),
    text(30, 75, about, `font-size="15" fill="${INK.muted}"`),
  ].join('');
}

/** Levels of a class in dBm, as in "−110 … −105". */
function range(name: LevelClass, { sufficientDbm, goodDbm, veryGoodDbm }: Threshold): string {
  const dbm = (value: number) => String(value).replace('-', '−');
  switch (name) {
    case 'very-good':
      return `≥ ${dbm(veryGoodDbm)} dBm`;
    case 'good':
      return `${dbm(goodDbm)} … ${dbm(veryGoodDbm)} dBm`;
    case 'sufficient':
      return `${dbm(sufficientDbm)} … ${dbm(goodDbm)} dBm`;
    case 'none':
      return `< ${dbm(sufficientDbm)} dBm`;
  }
}

const LEGEND_TOP = 128;
const ROW = 50;

function drawLegend(model: MapModel): string {
  const head = [
    text(LEFT, LEGEND_TOP, `Mức tín hiệu (${model.threshold.metric})`, 'font-size="15" font-weight="700"'),
    text(LEFT, LEGEND_TOP + 18, 'Signal level of the best server', small()),
    text(AREA_COLUMN, LEGEND_TOP, 'Diện tích', `font-size="13" font-weight="600" text-anchor="end"`),
    text(AREA_COLUMN, LEGEND_TOP + 18, 'area', small('end')),
    text(PEOPLE_COLUMN, LEGEND_TOP, 'Dân số', `font-size="13" font-weight="600" text-anchor="end"`),
    text(PEOPLE_COLUMN, LEGEND_TOP + 18, 'people', small('end')),
  ];
  const rows = model.classes.map(({ name, areaPercent, populationPercent }, i) => {
    const top = LEGEND_TOP + 36 + i * ROW;
    const names = CLASS_NAMES[name];
    return [
      `<rect x="${LEFT}" y="${top}" width="34" height="34" rx="4" fill="${CLASS_COLOURS[name]}" stroke="${INK.line}" stroke-opacity=".25"/>`,
      text(LEFT + 46, top + 14, names.vi, 'font-size="14" font-weight="600"'),
      text(LEFT + 46, top + 31, `${names.en} · ${range(name, model.threshold)}`, small()),
      text(AREA_COLUMN, top + 14, percent(areaPercent), figure),
      text(PEOPLE_COLUMN, top + 14, percent(populationPercent), figure),
    ].join('');
  });
  return [...head, ...rows].join('\n');
}

const SYMBOLS_TOP = LEGEND_TOP + 36 + 4 * ROW + 14;

function drawSymbols(model: MapModel): string {
  const row = (i: number, symbol: string, vi: string, en: string) => {
    const y = SYMBOLS_TOP + i * 26;
    return `<g transform="translate(${LEFT} ${y})">${symbol}</g>${text(LEFT + 46, y + 5, vi, 'font-size="14"')}${text(RIGHT, y + 5, en, small('end'))}`;
  };
  const line = (style: string) => `<path d="M0,0h34" fill="none" ${style}/>`;
  return [
    row(
      0,
      `<circle cx="17" r="3" fill="${INK.site}" stroke="#fff"/>`,
      `${number(model.sites.length)} trạm có ${model.technology}`,
      `sites with ${model.technology}`,
    ),
    row(1, line(`stroke="${INK.line}" stroke-width="1.8"`), 'Ranh giới tỉnh', 'province'),
    ...(model.districts.length > 0
      ? [row(2, line(`stroke="${INK.line}" stroke-width="1"`), 'Ranh giới huyện', 'district')]
      : []),
    row(
      model.districts.length > 0 ? 3 : 2,
      `<rect y="-8" width="34" height="16" fill="${CLASS_COLOURS.good}"/>${line('stroke="#fff" stroke-width="1.2"')}`,
      'Ranh giới xã, phường',
      'commune',
    ),
  ].join('\n');
}

function drawProvenance(model: MapModel): string {
  const lines: [string, string][] = [
    ['Lần tính · run', model.runId],
    ['Ranh giới ngày · boundaries of', model.boundaryDate],
    ['Mạng lưới ngày · network of', model.networkDate],
    ['Lưới · grid', `H3 · ${model.resolution}`],
    ['Mô hình · model', model.models.join(', ')],
    ['Xác suất tại biên · edge probability', `${number(model.probability * 100)} %`],
  ];
  const top = SYMBOLS_TOP + 130;
  return [
    `<path d="M${LEFT},${top - 18}H${RIGHT}" stroke="${INK.frame}"/>`,
    ...lines.flatMap(([name, value], i) => [
      text(LEFT, top + 4 + i * 21, name, small()),
      text(RIGHT, top + 4 + i * 21, value, 'font-size="12" text-anchor="end"'),
    ]),
    text(LEFT, top + 8 + lines.length * 21, 'Tính theo khoảng cách và anten, không xét địa hình.', small()),
    text(LEFT, top + 24 + lines.length * 21, 'Reckoned from distance and antenna, not terrain.', small()),
  ].join('\n');
}

function drawScale(frame: MapFrame): string {
  const metres = scaleBarM(frame.pixelsPerM, 160);
  const width = (metres * frame.pixelsPerM).toFixed(1);
  const y = PAPER.height - 28;
  const label = metres >= 1000 ? `${number(metres / 1000)} km` : `${number(metres)} m`;
  return [
    `<path d="M30,${y - 5}v5h${width}v-5" fill="none" stroke="${INK.line}" stroke-width="1.5"/>`,
    text(30 + Number(width) / 2, y - 8, label, 'font-size="13" text-anchor="middle"'),
    `<path d="M${50 + Number(width)},${y}l6,-16 6,16 -6,-4z" fill="${INK.line}"/>`,
    text(56 + Number(width), y - 20, 'B · N', 'font-size="11" text-anchor="middle"'),
  ].join('');
}

function drawNotice(): string {
  const top = PAPER.height - 78;
  return [
    `<rect x="${LEFT}" y="${top}" width="${RIGHT - LEFT}" height="48" rx="6" fill="${INK.notice}" stroke="${INK.noticeLine}"/>`,
    text(LEFT + 14, top + 21, 'Dữ liệu tổng hợp, chỉ để trình diễn', 'font-size="13" font-weight="600"'),
    text(
      LEFT + 14,
      top + 38,
      'synthetic demo data – not real figures',
      `font-size="12.5" fill="${INK.muted}"`,
    ),
  ].join('');
}

const figure = 'font-size="15" font-weight="600" text-anchor="end"';
const small = (anchor = 'start') => `font-size="12" fill="${INK.muted}" text-anchor="${anchor}"`;

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${xml(content)}</text>`;
}
