import { createHash } from 'node:crypto';
import { generateDemo } from './generate.js';
import { loadFacts } from './facts.js';
import { nearestKm } from './placement.js';
import { type Point, distance, inMultiPolygon, toPlane } from './plane.js';
import { type DemoArea, type DemoCell, type DemoFibre, type DemoSite, SYNTHETIC } from './types.js';

const demo = generateDemo(1);
const places = new Map(loadFacts().places.map((place) => [place.key, place]));
const communes = demo.areas.filter((area) => area.kind === 'commune' && area.validTo !== null);
const communeOf = new Map(communes.map((area) => [area.code, area]));
const cells = demo.sites.flatMap((site) => site.cells);
const at = ({ lon, lat }: { lon: number; lat: number }): Point => toPlane(lon, lat);
const holds = (area: DemoArea | undefined, { lon, lat }: { lon: number; lat: number }): boolean =>
  area?.boundary !== undefined &&
  area.boundary !== null &&
  inMultiPolygon([lon, lat], area.boundary.coordinates);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
/** The items that break a rule: one assertion over thousands of them instead of thousands of assertions. */
const breaking = <T>(items: readonly T[], rule: (item: T) => boolean): T[] =>
  items.filter((item) => !rule(item));
const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

describe('the demo province', () => {
  it('is the same for the same seed, another for another, and labelled throughout', () => {
    expect(hashOf(generateDemo(1))).toBe(hashOf(demo));
    expect(hashOf(generateDemo(2).sites)).not.toBe(hashOf(demo.sites));
    const parts = [
      demo.areas,
      demo.operators,
      demo.sites,
      cells,
      demo.fibre,
      demo.clusters,
      demo.plainSpeakers,
      demo.groups,
    ];
    expect(parts.flat().every((part) => part.source === SYNTHETIC)).toBe(true);
  });

  describe('sites', () => {
    it('are 1,070 of four operators, each code once', () => {
      expect(demo.sites).toHaveLength(1070);
      expect(new Set(demo.sites.map((site) => site.ownerCode))).toEqual(
        new Set(demo.operators.map((o) => o.code)),
      );
      expect(unique(demo.sites.map((site) => site.code))).toBe(true);
      expect(unique(cells.map((cell) => cell.code))).toBe(true);
      expect(demo.sites.every((site) => /^HGI-(VTL|VNP|MBF|VNM)-\d{4}$/.test(site.code))).toBe(true);
    });

    it('stand in the province and in the commune they name', () => {
      const province = demo.areas.find((area) => area.kind === 'province');
      expect(breaking(demo.sites, (site) => holds(province, site))).toEqual([]);
      expect(breaking(demo.sites, (site) => holds(communeOf.get(site.communeCode), site))).toEqual([]);
    });

    it('keep their distance from others of the operator and are denser where people are', () => {
      for (const { code } of demo.operators) {
        const own = demo.sites.filter((site) => site.ownerCode === code).map(at);
        const least = Math.min(...own.flatMap((a, i) => own.slice(i + 1).map((b) => distance(a, b))));
        expect(least).toBeGreaterThanOrEqual(0.35);
      }
      const byDensity = [...communes].sort(
        (a, b) => (b.population ?? 0) / (b.areaKm2 ?? 1) - (a.population ?? 0) / (a.areaKm2 ?? 1),
      );
      const density = (areas: readonly DemoArea[]): number =>
        sum(areas.map((area) => demo.sites.filter((site) => site.communeCode === area.code).length)) /
        sum(areas.map((area) => area.areaKm2 ?? 0));
      expect(density(byDensity.slice(0, 15))).toBeGreaterThan(1.5 * density(byDensity.slice(-15)));
    });

    it('have 5G at exactly three: two at KCN Sông Hậu in xã Đông Phú, one in Vị Thanh', () => {
      const with5g = demo.sites.filter((site) => site.cells.some((cell) => cell.technology === '5G'));
      expect(with5g.map((site) => communeOf.get(site.communeCode)?.parentCode).sort()).toEqual([
        '930',
        '933',
        '933',
      ]);
      const park = places.get('kcn-song-hau');
      const atPark = with5g.filter((site) => site.communeCode === '31375');
      expect(atPark.every((site) => park !== undefined && distance(at(site), at(park)) < 1)).toBe(true);
      expect(with5g.every((site) => site.power === 'grid_three_phase' && site.backhaul === 'fibre')).toBe(
        true,
      );
    });

    it('bring the 4G of every operator within 3.5 km of every border, and mostly within 1.6 km', () => {
      for (const { code } of demo.operators) {
        const lte = demo.sites
          .filter((s) => s.cells.some((c) => c.operatorCode === code && c.technology === '4G'))
          .map((site) => ({ at: at(site) }));
        const far = communes.flatMap((area) => {
          const ring = area.boundary?.coordinates[0]?.[0] ?? [];
          return ring.map(([lon, lat]) => nearestKm(toPlane(lon, lat), lte));
        });
        expect(Math.max(...far)).toBeLessThan(3.5);
        expect(sum(far) / far.length).toBeLessThan(1.6);
      }
    });

    it('carry cells of their tenants only, in threes at 120°, within plausible ranges', () => {
      expect(demo.sites.filter((site) => site.tenantCodes.length > 1).length).toBeGreaterThan(100);
      const rules = (site: DemoSite): boolean => {
        const networks = new Set(site.cells.map((cell) => cell.operatorCode));
        return (
          site.tenantCodes[0] === site.ownerCode &&
          networks.size === site.tenantCodes.length &&
          site.tenantCodes.every((code) => networks.has(code)) &&
          within(site.structureHeightM, 3, 60)
        );
      };
      expect(breaking(demo.sites, rules)).toEqual([]);
      const carriers = new Map<string, number[]>();
      for (const cell of cells) {
        const carrier = cell.code.slice(0, -2);
        carriers.set(carrier, [...(carriers.get(carrier) ?? []), cell.azimuthDeg]);
      }
      const evenly = ([a = NaN, b = NaN, c = NaN, ...rest]: number[]): boolean =>
        rest.length === 0 && (b - a + 360) % 360 === 120 && (c - b + 360) % 360 === 120;
      expect(breaking([...carriers.values()], evenly)).toEqual([]);
      const plausible = (cell: DemoCell): boolean =>
        within(cell.frequencyMhz, 900, 3800) &&
        within(cell.azimuthDeg, 0, 359) &&
        within(cell.antennaHeightM, 8, 60);
      expect(breaking(cells, plausible)).toEqual([]);
    });

    it('say for every unknown that it is assumed', () => {
      const nullable = [
        'txPowerDbm',
        'gainDbi',
        'feederLossDb',
        'verticalBeamwidthDeg',
        'mechanicalTiltDeg',
        'electricalTiltDeg',
      ] as const;
      const unknown = cells.filter((cell) => nullable.some((field) => cell[field] === null));
      expect(unknown.length).toBeGreaterThan(0);
      expect(unknown.length).toBeLessThan(cells.length / 2);
      const honest = (cell: DemoCell): boolean =>
        nullable.every((field) => cell.assumedFields.includes(field) === (cell[field] === null));
      expect(breaking(cells, honest)).toEqual([]);
    });
  });

  describe('fibre', () => {
    const households = sum(communes.map((area) => area.households ?? 0));
    /** Households passed by some network, at the least: the greatest operator's per commune. */
    const passedAtLeast = (quarter: string): number[] =>
      communes.map((area) =>
        Math.max(
          ...demo.fibre
            .filter((r) => r.communeCode === area.code && r.quarter === quarter)
            .map((r) => r.passed),
        ),
      );
    const quarters = ['2024-Q3', '2024-Q4', '2025-Q1', '2025-Q2'];

    it('passes more than 90 % of households in the last quarter and reaches every commune', () => {
      const last = passedAtLeast('2025-Q2');
      expect(sum(last) / households).toBeGreaterThan(0.9);
      expect(sum(last) / households).toBeLessThan(0.97);
      expect(Math.min(...last)).toBeGreaterThan(0);
    });

    it('grows from the 76 % of June 2024', () => {
      const shares = quarters.map((quarter) => sum(passedAtLeast(quarter)) / households);
      expect(shares[0]).toBeGreaterThan(0.76);
      expect(shares[0]).toBeLessThan(0.82);
      expect([...shares].sort()).toEqual(shares);
    });

    it('keeps every row possible, and no row falls', () => {
      expect(demo.fibre).toHaveLength(75 * 3 * 4);
      const key = (row: DemoFibre, quarter: string | undefined): string =>
        `${row.communeCode} ${row.operatorCode} ${quarter}`;
      const byKey = new Map(demo.fibre.map((row) => [key(row, row.quarter), row]));
      expect(byKey.size).toBe(demo.fibre.length);
      const possible = (row: DemoFibre): boolean =>
        row.households === communeOf.get(row.communeCode)?.households &&
        within(row.passed, 1, row.households) &&
        within(row.connected, 0, row.passed);
      expect(breaking(demo.fibre, possible)).toEqual([]);
      const steady = (row: DemoFibre): boolean => {
        const before = byKey.get(key(row, quarters[quarters.indexOf(row.quarter) - 1]));
        return !before || (row.passed >= before.passed && row.connected >= before.connected);
      };
      expect(breaking(demo.fibre, steady)).toEqual([]);
      for (const area of communes) {
        const rows = demo.fibre.filter((r) => r.communeCode === area.code && r.quarter === '2025-Q2');
        expect(sum(rows.map((r) => r.connected))).toBeLessThan(area.households ?? 0);
      }
    });
  });

  describe('loudspeakers', () => {
    it('are 120 clusters, one at least in every commune and standing in it', () => {
      expect(demo.clusters).toHaveLength(120);
      expect(new Set(demo.clusters.map((cluster) => cluster.communeCode)).size).toBe(75);
      expect(unique(demo.clusters.map((cluster) => cluster.code))).toBe(true);
      for (const cluster of demo.clusters) {
        expect(cluster.code).toMatch(/^[a-z0-9-]{3,40}$/);
        expect([cluster.code, holds(communeOf.get(cluster.communeCode), cluster)]).toEqual([
          cluster.code,
          true,
        ]);
        expect(cluster.horns.length).toBeGreaterThanOrEqual(2);
        expect(cluster.horns.length).toBeLessThanOrEqual(4);
        expect(
          cluster.horns.every((horn) => horn.azimuthDeg >= 0 && horn.azimuthDeg < 360 && horn.powerW > 0),
        ).toBe(true);
      }
    });

    it('are more than 3,500 in all, plain ones in every commune', () => {
      const horns = sum(demo.clusters.map((cluster) => cluster.horns.length));
      expect(horns + sum(demo.plainSpeakers.map((plain) => plain.count))).toBe(3600);
      expect(demo.plainSpeakers.every((plain) => plain.count > 0)).toBe(true);
    });

    it('are grouped by district without rest, and by theme', () => {
      const districts = demo.groups.filter((group) => group.kind === 'district');
      expect(districts).toHaveLength(8);
      expect(districts.flatMap((group) => group.clusterCodes).sort()).toEqual(
        demo.clusters.map((c) => c.code).sort(),
      );
      expect(
        demo.groups.filter((group) => group.kind === 'theme').every((group) => group.clusterCodes.length > 0),
      ).toBe(true);
    });
  });
});
