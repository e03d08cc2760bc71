import * as turf from '@turf/turf';
import { demoAreas } from './areas.js';
import { loadFacts } from './facts.js';
import { type Point, areaKm2, inMultiPolygon } from './plane.js';
import { type DemoArea } from './types.js';

const facts = loadFacts();

function coordinatesOf(area: DemoArea | undefined): Point[][][] {
  if (!area?.boundary) throw new Error(`no boundary: ${area?.fullName}`);
  return area.boundary.coordinates;
}

function edgesOf(areas: readonly DemoArea[]): Map<string, number> {
  const edges = new Map<string, number>();
  for (const ring of areas.flatMap((area) => coordinatesOf(area).flat())) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const key = `${ring[k]?.join(' ')} > ${ring[k + 1]?.join(' ')}`;
      edges.set(key, (edges.get(key) ?? 0) + 1);
    }
  }
  return edges;
}

describe.each([1, 2, 3])('the units of the demo, seed %d', (seed) => {
  const areas = demoAreas(seed, facts);
  const old = areas.filter((area) => area.validTo === '2025-07-01');
  const since = areas.filter((area) => area.validFrom === '2025-07-01');
  const communes = old.filter((area) => area.kind === 'commune');
  const districts = old.filter((area) => area.kind === 'district');
  const province = old.find((area) => area.kind === 'province');
  const units = since.filter((area) => area.kind === 'commune');

  it('are one province, 8 districts and 75 communes, then 28 under Cần Thơ', () => {
    expect(province).toMatchObject({ code: '93', fullName: 'Tỉnh Hậu Giang', population: 733_017 });
    expect(districts.map((d) => d.code)).toEqual(['930', '931', '932', '933', '934', '935', '936', '937']);
    expect(communes).toHaveLength(75);
    expect(units).toHaveLength(28);
    expect(new Set(units.map((u) => u.parentCode))).toEqual(new Set(['92']));
    expect(since.find((area) => area.kind === 'province')).toMatchObject({
      code: '92',
      boundary: null,
      population: null,
    });
    expect(new Set(areas.map((area) => `${area.code} ${area.validFrom}`)).size).toBe(areas.length);
  });

  it('name every parent before its children', () => {
    const seen = new Set<string>();
    for (const area of areas) {
      if (area.parentCode !== null) expect(seen).toContain(`${area.parentCode} ${area.validFrom}`);
      seen.add(`${area.code} ${area.validFrom}`);
    }
  });

  it('add up: people and households of every level', () => {
    for (const level of [[province], districts, communes, units]) {
      expect(level.reduce((sum, area) => sum + (area?.population ?? 0), 0)).toBe(733_017);
      expect(level.reduce((sum, area) => sum + (area?.households ?? 0), 0)).toBe(province?.households);
    }
  });

  it('share every border vertex by vertex: what is not walked both ways is the province outline', () => {
    const edges = edgesOf(communes);
    expect([...edges.values()].every((count) => count === 1)).toBe(true);
    const open = [...edges.keys()].filter((key) => !edges.has(key.split(' > ').reverse().join(' > ')));
    expect(new Set(open)).toEqual(new Set(edgesOf(province ? [province] : []).keys()));
  });

  it('leave no gap and no overlap: communes, districts and new units fill the province', () => {
    const total = areaKm2(coordinatesOf(province));
    for (const level of [communes, districts, units]) {
      const sum = level.reduce((s, area) => s + areaKm2(coordinatesOf(area)), 0);
      expect(Math.abs(sum / total - 1)).toBeLessThan(1e-6);
    }
    expect(coordinatesOf(province)).toHaveLength(1);
    expect(coordinatesOf(province)[0]).toHaveLength(1);
  });

  it('have the known areas', () => {
    expect(Math.abs(areaKm2(coordinatesOf(province)) / 1621.8 - 1)).toBeLessThan(0.0005);
    // Independent of our plane, and on a sphere, which makes areas here 0.4 % larger.
    const boundary = province?.boundary;
    const spherical = boundary
      ? turf.area(turf.multiPolygon(boundary.coordinates.map((p) => p.map((r) => r.map(([x, y]) => [x, y])))))
      : 0;
    expect(Math.abs(spherical / 1e6 / 1621.8 - 1)).toBeLessThan(0.005);
    const errors = communes.map((area) => Math.abs(areaKm2(coordinatesOf(area)) / (area.areaKm2 ?? 0) - 1));
    expect(Math.max(...errors)).toBeLessThan(0.002);
  });

  it('hold their known centres', () => {
    facts.communes.forEach((fact) => {
      const commune = communes.find((area) => area.code === fact.code);
      expect([fact.name, inMultiPolygon([fact.lon, fact.lat], coordinatesOf(commune))]).toEqual([
        fact.name,
        true,
      ]);
    });
  });

  it('are simple, closed rings, outer ones counter-clockwise, at 6 decimals', () => {
    for (const area of areas.filter((a) => a.boundary)) {
      for (const polygon of coordinatesOf(area)) {
        polygon.forEach((ring, i) => {
          const positions = ring.map(([x, y]) => [x, y]);
          expect(positions[0]).toEqual(positions[positions.length - 1]);
          expect(turf.booleanClockwise(positions)).toBe(i > 0);
          expect(positions.flat().every((v) => Math.abs(v - Math.round(v * 1e6) / 1e6) < 1e-12)).toBe(true);
          expect(turf.kinks(turf.polygon([positions])).features).toHaveLength(0);
        });
      }
    }
  });
});
