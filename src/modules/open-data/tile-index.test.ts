import { indexTiles, MAX_TILE_BYTES, type TileFeature } from './tile-index.js';

const COUNT = 50_000;

function point(i: number, lon: number, lat: number): TileFeature {
  const code = `HGI-VTL-${i}`;
  const properties = {
    id: code,
    code,
    name: `Trạm Vị Thanh số ${i}`,
    ownerCode: 'viettel',
    lifecycle: 'active',
  };
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

/** The tile that holds a place. */
function tileAt(z: number, lon: number, lat: number): [number, number, number] {
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  return [z, Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)];
}

test('50,000 points in a province: no tile of any zoom is above 500 kB, and none is lost', () => {
  const features = Array.from({ length: COUNT }, (_, i) =>
    point(i, 105.3 + (((i * 7919) % COUNT) / COUNT) * 0.6, 9.58 + (((i * 104_729) % 49_999) / 49_999) * 0.4),
  );
  const tile = indexTiles('sites', 'point', features);
  const sizes = Array.from({ length: 19 }, (_, z) => tile(...tileAt(z, 105.6, 9.78)).length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_TILE_BYTES);
  expect(sizes[5]).toBeGreaterThan(0);
});

test('50,000 points in one street are piled up rather than too much', () => {
  const features = Array.from({ length: COUNT }, (_, i) =>
    point(i, 105.4701 + (i % 250) * 1e-5, 9.7845 + Math.floor(i / 250) * 1e-5),
  );
  const tile = indexTiles('sites', 'point', features);
  for (const z of [0, 10, 14, 15, 16, 18]) {
    const bytes = tile(...tileAt(z, 105.4703, 9.7847));
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThanOrEqual(MAX_TILE_BYTES);
  }
  expect(Buffer.from(tile(...tileAt(15, 105.4703, 9.7847))).includes('point_count')).toBe(true);
});

test('polygons are cut to the tile, and there is nothing where nothing is', () => {
  const ring = [
    [105.4, 9.7],
    [105.5, 9.7],
    [105.5, 9.8],
    [105.4, 9.8],
    [105.4, 9.7],
  ];
  const commune: TileFeature = {
    type: 'Feature',
    geometry: { type: 'MultiPolygon', coordinates: [[ring]] },
    properties: { id: 'c1~2025-07-01', name: 'Vị Thanh' },
  };
  const tile = indexTiles('communes', 'polygon', [commune]);
  const bytes = Buffer.from(tile(...tileAt(12, 105.45, 9.75)));
  expect(bytes.includes('Vị Thanh')).toBe(true);
  expect(bytes.includes('communes')).toBe(true);
  expect(tile(...tileAt(12, 110, 20))).toHaveLength(0);
});
