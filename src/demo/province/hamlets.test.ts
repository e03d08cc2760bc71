import { generateDemo } from './generate.js';
import { inRing } from './plane.js';

const demo = generateDemo(1);

it('puts 525 hamlets into their communes, whose households they share out', () => {
  expect(demo.hamlets).toHaveLength(525);
  expect(new Set(demo.hamlets.map(({ code }) => code)).size).toBe(525);
  for (const area of demo.areas.filter(({ kind, validTo }) => kind === 'commune' && validTo !== null)) {
    const own = demo.hamlets.filter(({ communeCode }) => communeCode === area.code);
    expect(own.length).toBeGreaterThanOrEqual(3);
    const ring = area.boundary?.coordinates[0]?.[0] ?? [];
    for (const { lon, lat, kind, name } of own) {
      expect(inRing([lon, lat], ring)).toBe(true);
      expect([kind, name.split(' ').slice(0, -1).join(' ')]).toEqual(
        area.type === 'Xã' ? ['ap', 'Ấp'] : ['khu_vuc', 'Khu vực'],
      );
    }
    expect(own.reduce((sum, { households }) => sum + households, 0)).toBe(area.households);
    expect(own.reduce((sum, { population }) => sum + population, 0)).toBe(area.population);
  }
});

it('leaves most with signal, some weak or without, and of some nothing is known', () => {
  const count = (signal: string | null) => demo.hamlets.filter((hamlet) => hamlet.signal === signal).length;
  expect(count('served')).toBeGreaterThan(400);
  for (const signal of ['weak', 'none', null]) expect(count(signal)).toBeGreaterThan(3);
  for (const hamlet of demo.hamlets) expect(hamlet.signalReportedOn === null).toBe(hamlet.signal === null);
});
