import { decode } from 'fast-png';
import { fromArrayBuffer } from 'geotiff';
import { AnswersWorld } from './answers-world.js';
import { DATE } from './fixtures.js';

/** What finished runs answer cell by cell: what changed, tiles and files. */
let world: AnswersWorld;
let run: string;
beforeAll(async () => {
  world = await AnswersWorld.open();
  run = world.run;
});
afterAll(() => world?.stop());

const get = <T>(path: string): Promise<T> => world.get<T>(path);
const ask: AnswersWorld['ask'] = (...request) => world.ask(...request);

interface Differences {
  sameGrid: boolean;
  note: object | null;
  manifest: { path: string }[];
  levels: { cells: number; received: string }[] | null;
  units: {
    areaCode: string;
    before: { populationPercent: number };
    after: { populationPercent: number };
    gained: { population: number; cells: number };
    lost: { population: number; cells: number };
  }[];
}

test('what changed since another run: cell by cell on one grid, by figures on another', async () => {
  const strict = await world.reckon({
    boundaryDate: DATE,
    networkDate: DATE,
    resolution: 8,
    thresholds: [
      { technology: '4G', sufficientDbm: -100, goodDbm: -95, veryGoodDbm: -90, source: 'Thử nghiệm' },
    ],
  });
  const path = `/${strict}/differences`;
  const { manifest, units, levels, ...rest } = await get<Differences>(`${path}?since=${run}&technology=4G`);
  expect(rest).toMatchObject({ sameGrid: true, note: null, technology: '4G', before: { runId: run } });
  expect(manifest).toContainEqual({
    path: 'parameters.thresholds.4G.sufficientDbm',
    before: -110,
    after: -100,
  });
  // What is received does not change with the threshold, but for what is too weak to be kept.
  expect(levels!.filter(({ cells }) => cells > 0)).toMatchObject([
    { received: 'both', fromDb: -1, belowDb: 1 },
    { received: 'only-before' },
  ]);
  const province = units.find(({ areaCode }) => areaCode === 'p1')!;
  expect(province).toMatchObject({ gained: { cells: 0, population: 0 } });
  const [was, is] = [await world.wholeCells(run), await world.wholeCells(strict)];
  const people = async (id: string) => {
    const { items } = await get<{ items: { populationCovered: number }[] }>(
      `/${id}/figures?by=province&technology=4G&operator=any`,
    );
    return items[0]!.populationCovered;
  };
  expect(Math.abs(province.lost.population - ((await people(run)) - (await people(strict))))).toBeLessThan(5);
  expect(province.lost.cells).toBe(is.none.cells - was.none.cells);
  expect(province.lost.population).toBeGreaterThan(0);
  const back = await get<Differences>(`/${run}/differences?since=${strict}&technology=4G&by=province`);
  expect(back.units).toMatchObject([{ areaCode: 'p1', gained: province.lost, lost: province.gained }]);
  const cells = await get<{ numberMatched: number; nextCursor: string; features: object[] }>(
    `${path}/cells?since=${run}&technology=4G&limit=5`,
  );
  expect(cells.numberMatched).toBe(province.lost.cells);
  expect(cells.features[0]).toMatchObject({ properties: { change: 'lost', afterClass: 'none' } });
  const next = await get<typeof cells>(`${path}/cells?since=${run}&technology=4G&cursor=${cells.nextCursor}`);
  expect(next.features).toHaveLength(cells.numberMatched - 5);

  const coarse = await world.reckon({ boundaryDate: DATE, networkDate: DATE, resolution: 7 });
  const other = await get<Differences>(`/${coarse}/differences?since=${run}&technology=4G&by=province`);
  expect(other).toMatchObject({
    sameGrid: false,
    levels: null,
    note: { en: expect.stringContaining('figures') },
    units: [{ areaCode: 'p1', gained: null, lost: null }],
  });
  expect((await ask('GET', `/${coarse}/differences/cells?since=${run}`)).status).toBe(409);
  expect((await ask('GET', `/${run}/differences?since=nobody`)).status).toBe(400);
  expect((await ask('GET', `/${run}/differences?since=0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11`)).status).toBe(
    404,
  );
});

test('tiles of cells: coarser at small scales, named for ever, within their size', async () => {
  const tileJson = await get<{ tiles: string[]; bounds: number[] }>(
    `/${run}/tiles/tilejson.json?technology=4G`,
  );
  expect(tileJson).toMatchObject({ tilejson: '3.0.0', vector_layers: [{ id: 'cells' }] });
  expect(tileJson.tiles[0]).toContain(
    `/coverage/runs/${run}/tiles/{z}/{x}/{y}.mvt?technology=4G&environment=outdoor`,
  );
  const [west, south, east, north] = tileJson.bounds as [number, number, number, number];
  expect(west < 105.4 && south < 9.7 && east > 105.6 && north > 9.9).toBe(true);
  const near = await ask('GET', `/${run}/tiles/11/1623/968.mvt?technology=4G`);
  expect(near).toMatchObject({ status: 200, type: 'application/vnd.mapbox-vector-tile' });
  expect(near.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(near.bytes.includes('cells') && near.bytes.includes('S1')).toBe(true);
  expect(near.bytes.includes('covered')).toBe(false);
  const far = await ask('GET', `/${run}/tiles/5/25/15.mvt?technology=4G`);
  expect(far.status).toBe(200);
  expect(far.bytes.includes('covered')).toBe(true);
  expect(far.bytes.length).toBeLessThan(near.bytes.length);
  const etag = near.headers.get('etag')!;
  const known = await ask('GET', `/${run}/tiles/11/1623/968.mvt?technology=4G`, undefined, {
    'if-none-match': etag,
  });
  expect(known.status).toBe(304);
  const other = await ask('GET', `/${run}/tiles/11/1623/968.mvt?technology=4G&operator=vnpt`);
  expect(other.headers.get('etag')).not.toBe(etag);
  expect((await ask('GET', `/${run}/tiles/11/0/0.mvt`)).status).toBe(204);
  for (const nowhere of ['30/0/0.mvt', '2/4/0.mvt', '2/x/0.mvt'])
    expect((await ask('GET', `/${run}/tiles/${nowhere}`)).status).toBe(404);
  expect((await ask('GET', `/${run}/tiles/5/25/15.mvt?technology=6G`)).status).toBe(400);
});

test('files: cells as GeoJSON and CSV, figures as CSV', async () => {
  const { features } = await get<{ features: { id: string; properties: { levelDbm: number | null } }[] }>(
    `/${run}/cells?bbox=105,9.3,106,10.3&limit=5000&technology=4G`,
  );
  const geojson = await ask('GET', `/${run}/cells.geojson?technology=4G`);
  expect(geojson.type).toBe('application/geo+json; charset=utf-8');
  expect(geojson.headers.get('content-disposition')).toContain(
    `coverage-${run}-4G-all-outdoor-90-cells.geojson`,
  );
  const whole = JSON.parse(geojson.bytes.toString()) as { features: typeof features };
  expect(whole).toMatchObject({ provenance: { runId: run }, technology: '4G', environment: 'outdoor' });
  expect(whole.features.map(({ id }) => id)).toEqual(features.map(({ id }) => id));
  expect(whole.features.map(({ properties }) => properties.levelDbm)).toEqual(
    features.map(({ properties }) => properties.levelDbm),
  );
  const table = (await ask('GET', `/${run}/cells.csv?technology=4G`)).bytes.toString().trim().split('\r\n');
  expect(table).toHaveLength(1 + features.length);
  expect(table[1]).toMatch(new RegExp(`^${features[0]!.id},.*,4G,,outdoor,0.9,${run}$`));
  const figures = (await ask('GET', `/${run}/figures.csv?by=province`)).bytes.toString().trim().split('\r\n');
  const { items } = await get<{ items: { areaPercent: number }[] }>(`/${run}/figures?by=province`);
  expect(figures).toHaveLength(1 + items.length);
  expect(figures[1]).toContain(String(items[0]!.areaPercent));
  expect((await ask('GET', `/${run}/cells.csv?technology=6G`)).status).toBe(400);
  expect((await ask('GET', `/nobody/figures.csv`)).status).toBe(404);
});

test('pictures: GeoTIFF of levels and classes, PNG with its place', async () => {
  const place = { lon: 105.46, lat: 9.755 };
  const at = await get<{ networks: { technology: string; levelDbm: number | null }[] }>(
    `/${run}/at?lon=${place.lon}&lat=${place.lat}&technology=4G`,
  );
  const best = Math.max(...at.networks.map(({ levelDbm }) => levelDbm ?? -Infinity));
  const read = async (query: string) => {
    const { bytes, type } = await ask('GET', `/${run}/raster.tif?technology=4G&${query}`);
    expect(type).toBe('image/tiff');
    const image = await (
      await fromArrayBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    ).getImage();
    const [west, south, east, north] = image.getBoundingBox() as [number, number, number, number];
    const column = Math.floor(((place.lon - west) / (east - west)) * image.getWidth());
    const row = Math.floor(((north - place.lat) / (north - south)) * image.getHeight());
    const [values] = (await image.readRasters()) as unknown as [Float32Array | Uint8Array];
    return { image, values, value: values[row * image.getWidth() + column]! };
  };
  const level = await read('content=level');
  expect(level.value).toBeCloseTo(best, 1);
  expect(level.image.getGDALNoData()).toBe(-9999);
  expect(level.image.getGeoKeys()).toMatchObject({ GeographicTypeGeoKey: 4326 });
  const classes = await read('content=class');
  expect(classes.value).toBe(best >= -95 ? 3 : best >= -105 ? 2 : best >= -110 ? 1 : 0);
  expect(new Set(classes.values)).toEqual(new Set([0, 1, 2, 3, 255]));
  const picture = await ask('GET', `/${run}/raster.png?technology=4G`);
  const { width, height, data } = decode(picture.bytes);
  expect([width, height]).toEqual([classes.image.getWidth(), classes.image.getHeight()]);
  const clear = [...classes.values].filter((value) => value === 255).length;
  expect(data.filter((alpha, n) => n % 4 === 3 && alpha === 0)).toHaveLength(clear);
  const [west, , , north] = picture.headers.get('x-bounds')!.split(',').map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const lines = (await ask('GET', `/${run}/raster.pgw`)).bytes.toString().trim().split('\n').map(Number);
  expect(lines[4]).toBeCloseTo(west + lines[0]! / 2, 5);
  expect(lines[5]).toBeCloseTo(north + lines[3]! / 2, 5);
  expect((await ask('GET', `/${run}/raster.tif?content=noise`)).status).toBe(400);
});
