import { gridDisk, latLngToCell } from 'h3-js';
import { defaultParameters } from '../domain/index.js';
import { drawMap } from './map-svg.js';
import type { MapModel } from './map-model.js';
import { MapFrame, scaleBarM } from './frame.js';
import { percent, shortName, xml } from './map-style.js';

const SQUARE: MapModel['communes'][number] = {
  type: 'Polygon',
  coordinates: [
    [
      [105.4, 9.7],
      [105.5, 9.7],
      [105.5, 9.8],
      [105.4, 9.8],
      [105.4, 9.7],
    ],
  ],
};
const middle = latLngToCell(9.75, 105.45, 9);
const inner = gridDisk(middle, 5);
const MODEL: MapModel = {
  runId: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21',
  boundaryDate: '2025-06-30',
  networkDate: '2025-06-29',
  resolution: 9,
  technology: '4G',
  operator: null,
  environment: 'indoor',
  probability: 0.9,
  threshold: defaultParameters().thresholds['4G'],
  models: ['extended-hata'],
  synthetic: true,
  place: 'Tỉnh Một',
  communes: [SQUARE],
  districts: [],
  provinces: [],
  labels: [{ name: 'Xã "Đông" & <Tây>', at: [105.45, 9.75] }],
  classes: [
    { name: 'very-good', cells: [middle], areaPercent: 1, populationPercent: 2 },
    {
      name: 'good',
      cells: inner.filter((cell) => cell !== middle),
      areaPercent: 60,
      populationPercent: null,
    },
    { name: 'sufficient', cells: [], areaPercent: 0, populationPercent: 0 },
    {
      name: 'none',
      cells: gridDisk(middle, 9).filter((cell) => !inner.includes(cell)),
      areaPercent: 39,
      populationPercent: 98,
    },
  ],
  sites: [[105.45, 9.75]],
};

describe('drawMap', () => {
  const svg = drawMap(MODEL);

  it('says where the figures come from, and that they are made up only when they are', () => {
    for (const text of [MODEL.runId, '2025-06-30', '2025-06-29', 'extended-hata', '−110 … −105 dBm', '90 %'])
      expect(svg).toContain(text);
    expect(svg).toContain('synthetic demo data');
    expect(drawMap({ ...MODEL, synthetic: false })).not.toMatch(/synthetic/i);
    expect(drawMap({ ...MODEL, operator: 'viettel' })).toContain('viettel');
  });

  it('lets no name break out of its place', () => {
    expect(svg).toContain('X. &quot;Đông&quot; &amp; &lt;Tây&gt;');
    expect(drawMap({ ...MODEL, place: '</text><script>' })).not.toContain('<script');
  });

  it('joins the cells of a class to one shape with its holes', () => {
    const good = /<path fill="#6fbfae" fill-rule="evenodd" d="([^"]*)"/.exec(svg)?.[1] ?? '';
    expect(good.match(/M/g)).toHaveLength(2);
    expect(good.match(/z/g)).toHaveLength(2);
    // The hole of one hexagon: five steps from its first corner.
    expect(good).toMatch(/M\d+,\d+l(-?\d+[, ]?-?\d+ ?){5}z/);
    expect(svg.match(/fill-rule="evenodd"/g)).toHaveLength(3);
  });

  it('is drawn of a run without sites or covered cells as well', () => {
    const empty = MODEL.classes.map((c) => ({ ...c, cells: c.name === 'none' ? inner : [] }));
    expect(drawMap({ ...MODEL, sites: [], classes: empty, labels: [] })).not.toMatch(/NaN|undefined/);
  });
});

describe('MapFrame', () => {
  const frame = new MapFrame([SQUARE], { left: 10, top: 20, width: 100, height: 200 });

  it('puts north up and fits the shapes into the box', () => {
    const [west, south] = frame.pixel(105.4, 9.7);
    const [east, north] = frame.pixel(105.5, 9.8);
    expect([west, east]).toEqual([expect.closeTo(10, 6), expect.closeTo(110, 6)]);
    expect((north + south) / 2).toBeCloseTo(120, 6);
    expect(south - north).toBeGreaterThan(100);
    expect(south - north).toBeLessThan(102);
  });

  it('writes rings as whole tenths of pixels, each once', () => {
    expect(frame.path([SQUARE])).toMatch(/^M100,\d+l1000,0 0-\d+-1000,0z$/);
  });

  it('has nothing to show of nothing', () => {
    expect(() => new MapFrame([], { left: 0, top: 0, width: 1, height: 1 })).toThrow(RangeError);
  });
});

test('scale bars are round and fit', () => {
  expect(scaleBarM(0.0131, 160)).toBe(10_000);
  expect(scaleBarM(0.016, 160)).toBe(10_000);
  expect(scaleBarM(0.5, 160)).toBe(200);
  expect(scaleBarM(2, 160)).toBe(50);
});

test('percentages never say all or nothing when it is not so', () => {
  expect([100, 99.97, 99.94, 12.345, 0.04, 0, null].map(percent)).toEqual([
    '100,0 %',
    '> 99,9 %',
    '99,9 %',
    '12,3 %',
    '< 0,1 %',
    '0,0 %',
    '–',
  ]);
});

test('names are shortened as people do, and text is safe', () => {
  expect(
    ['Thành phố Vị Thanh', 'Thị xã Long Mỹ', 'Huyện Vị Thuỷ', 'Xã Hỏa Lựu', 'Thị trấn Cái Tắc'].map(
      shortName,
    ),
  ).toEqual(['TP. Vị Thanh', 'TX. Long Mỹ', 'H. Vị Thuỷ', 'X. Hỏa Lựu', 'TT. Cái Tắc']);
  expect(xml('a<b>&"c"\u0000\u000b𝄞')).toBe('a&lt;b&gt;&amp;&quot;c&quot;𝄞');
});
