import fc from 'fast-check';
import { chooseEngine } from '../../engine/index.js';
import { defaultParameters } from '../defaults.js';
import { cellOf, smallAreas, smallSites } from '../fixtures/small-province.js';
import { buildGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { LevelEngine } from '../level-engine.js';
import { WarningCollector } from '../run-warning.js';
import type { SnapshotSite } from '../snapshot.js';
import { prepareTransmitters, type Transmitter } from '../transmitters.js';
import { typescriptEngine } from '../typescript-engine.js';
import { cellAmounts } from '../planning/amounts.js';
import { siteOutages } from '../planning/outage.js';
import type { NetworkChange, NetworkModel } from './network-model.js';

const parameters = defaultParameters({ resolution: 8, place: 'indoor', probability: 0.9 });
const grid = buildGrid(smallAreas(), parameters);
const engines = [typescriptEngine, chooseEngine().engine].map((engine) => [engine.id, engine] as const);

const prepare = (sites: readonly SnapshotSite[]) =>
  prepareTransmitters(sites, parameters, grid.projection, new WarningCollector());
const open = (engine: LevelEngine, sites: readonly SnapshotSite[]): NetworkModel =>
  engine.openNetwork(grid, prepare(sites), parameters);

/** All of a layer, to be compared to the last bit. */
const bits = ({ operatorCode, technology, ...arrays }: LayerLevels): unknown => [
  operatorCode,
  technology,
  ...Object.values(arrays).map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64'),
  ),
];
const stateOf = (model: NetworkModel): unknown => ({
  layers: model.layers.map(bits),
  transmitters: [...model.transmitters],
  sites: [...model.siteCodes],
});

/** What a layer says, whatever the places in the lists of transmitters and sites are. */
function told(layer: LayerLevels, transmitters: readonly Transmitter[], siteCodes: readonly string[]) {
  const { levelDbm, bestCell, servingCells, servingSites, servingSiteXor } = layer;
  return {
    levels: Array.from(levelDbm),
    best: Array.from(bestCell, (id) => {
      const best = transmitters[id];
      return best ? `${best.siteCode}/${best.cellCode}` : null;
    }),
    cells: Array.from(servingCells),
    sites: Array.from(servingSites),
    only: Array.from(servingSiteXor, (xor, i) => (servingSites[i] === 1 ? siteCodes[xor - 1] : null)),
    nobody: Array.from(servingSiteXor).filter((xor, i) => servingSites[i] === 0 && xor !== 0),
  };
}

const key = ({ technology, operatorCode }: LayerLevels): string => `${technology} ${operatorCode}`;

/** The model against a full reckoning of the sites by the same engine. */
function expectFull(engine: LevelEngine, model: NetworkModel, sites: readonly SnapshotSite[]): void {
  const prepared = prepare(sites);
  const codes: string[] = [];
  for (const { siteIndex, siteCode } of prepared.transmitters) codes[siteIndex] = siteCode;
  const full = new Map(
    engine
      .computeLevels(grid, prepared, parameters)
      .map((layer) => [key(layer), told(layer, prepared.transmitters, codes)]),
  );
  for (const layer of model.layers) {
    const own = told(layer, model.transmitters, model.siteCodes);
    const expected = full.get(key(layer));
    full.delete(key(layer));
    if (expected) expect(own).toEqual(expected);
    else expect(own.best.filter((best) => best !== null)).toEqual([]);
  }
  expect([...full.keys()]).toEqual([]);
}

/** The list of sites after a change. */
function changed(sites: readonly SnapshotSite[], { put = [], remove = [] }: NetworkChange): SnapshotSite[] {
  const going = new Set([...remove, ...put.map(({ code }) => code)]);
  return [...sites.filter(({ code }) => !going.has(code)), ...put];
}

const START = smallSites(12, 5);
const pool = smallSites(40, 77).map((site, i) => ({
  ...site,
  code: `s${String(i).padStart(3, '0')}${i % 2 ? 'x' : ''}`,
}));
/** Sites of the pool: the even ones have the codes of sites that are there or may be, the odd ones lie between them. */
const changes = fc.record({
  put: fc
    .uniqueArray(fc.integer({ min: 0, max: 24 }), { maxLength: 3 })
    .map((at) => at.map((i) => pool[i] as SnapshotSite)),
  remove: fc
    .array(fc.integer({ min: 0, max: 13 }), { maxLength: 2 })
    .map((at) => at.map((i) => pool[i]?.code ?? '')),
});

describe.each(engines)('the model of a network (%s)', (_id, engine) => {
  it('is a full reckoning after any changes, and each can be taken back', () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 4 }), (steps) => {
        const model = open(engine, START);
        const before = [stateOf(model)];
        let sites: readonly SnapshotSite[] = START;
        for (const change of steps) {
          model.apply(change);
          sites = changed(sites, change);
          before.push(stateOf(model));
        }
        expectFull(engine, model, sites);
        expect(model.depth).toBe(steps.length);
        before.pop();
        for (const state of before.toReversed()) {
          model.revert();
          expect(stateOf(model)).toEqual(state);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('is bit-equal to the start after a site came and went', () => {
    const model = open(engine, START);
    const start = model.layers.map(bits);
    const [site] = smallSites(1, 9).map((one) => ({ ...one, code: 's005x' }));
    if (!site) throw new Error('no site');
    const { layers } = model.apply({ put: [site] });
    expect(layers.length).toBeGreaterThan(2);
    expect(model.layers.map(bits)).not.toEqual(start);
    model.apply({ remove: [site.code] });
    expect(model.layers.map(bits)).toEqual(start);
  });

  it('takes many sites at once', () => {
    const model = open(engine, START);
    const change = { put: pool.slice(14, 26), remove: START.slice(0, 9).map(({ code }) => code) };
    const start = stateOf(model);
    model.apply(change);
    expectFull(engine, model, changed(START, change));
    model.revert();
    expect(stateOf(model)).toEqual(start);
    model.apply({ remove: START.map(({ code }) => code) });
    expectFull(engine, model, []);
    model.apply({ put: START });
    expectFull(engine, model, START);
    const state = stateOf(model);
    model.reckonAll();
    expect(stateOf(model)).toEqual(state);
  });

  it('tells which cells gain and lose service, and the tiles of all that changed', () => {
    const model = open(engine, START);
    const before = model.layers.map((layer) => ({
      ...layer,
      levelDbm: layer.levelDbm.slice(),
      servingCells: layer.servingCells.slice(),
    }));
    const { layers } = model.apply({ remove: ['s003', 's007'], put: pool.slice(15, 17) });
    const told = new Map(layers.map((change) => [change.layer, change]));
    const sum = { gained: 0, lost: 0 };
    model.layers.forEach((layer, l) => {
      const gained: number[] = [];
      const lost: number[] = [];
      const tiles = new Set<number>();
      const was = before[l];
      for (let t = 0; t + 1 < grid.tileStart.length; t++) {
        for (let i = grid.tileStart[t] as number; i < (grid.tileStart[t + 1] as number); i++) {
          const now = layer.servingCells[i] as number;
          const then = was?.servingCells[i] ?? 0;
          if (now > 0 && then === 0) gained.push(i);
          if (now === 0 && then > 0) lost.push(i);
          if (now !== then || layer.levelDbm[i] !== (was?.levelDbm[i] ?? -Infinity)) tiles.add(t);
        }
      }
      const change = told.get(l);
      expect([...(change?.gained ?? [])]).toEqual(gained);
      expect([...(change?.lost ?? [])]).toEqual(lost);
      expect([...(change?.tiles ?? [])]).toEqual(expect.arrayContaining([...tiles]));
      sum.gained += gained.length;
      sum.lost += lost.length;
    });
    expect(sum.gained).toBeGreaterThan(0);
    expect(sum.lost).toBeGreaterThan(0);
  });

  it('gives equal levels to the lower code, whoever came first', () => {
    const [site] = smallSites(1, 8);
    if (!site) throw new Error('no site');
    const winners = (model: NetworkModel) =>
      new Set(
        model.layers.flatMap((layer) =>
          Array.from(layer.bestCell).flatMap((id) => model.transmitters[id]?.siteCode ?? []),
        ),
      );
    const model = open(engine, [{ ...site, code: 'm' }]);
    model.apply({ put: [{ ...site, code: 'z' }] });
    expect(winners(model)).toEqual(new Set(['m']));
    for (const code of ['l', 'k', 'j']) {
      model.apply({ put: [{ ...site, code }] });
      expect(winners(model)).toEqual(new Set([code]));
    }
    model.apply({ remove: ['j', 'l'] });
    expect(winners(model)).toEqual(new Set(['k']));
  });

  it('opens a layer for a network that is new, and closes it when that is taken back', () => {
    const model = open(engine, START);
    const count = model.layers.length;
    const site: SnapshotSite = {
      code: 'new',
      lon: 105.55,
      lat: 9.73,
      structureHeightM: 40,
      cells: [cellOf({ code: '1', operatorCode: 'op9' }), cellOf({ code: '2', operatorCode: '' })],
    };
    const { layers, warnings, cellsSkipped } = model.apply({ put: [site] });
    expect(layers.map(({ layer }) => layer)).toEqual([count]);
    expect(model.layers[count]).toMatchObject({ operatorCode: 'op9', technology: '4G' });
    expect(cellsSkipped).toBe(1);
    expect(warnings.map(({ code }) => code)).toEqual(['cell.operator']);
    expectFull(engine, model, [...START, site]);
    model.revert();
    expect(model.layers).toHaveLength(count);
  });

  it('passes over sites that are not there, and can only take back what was done', () => {
    const model = open(engine, START);
    expect(model.apply({ remove: ['nobody'] }).layers).toEqual([]);
    model.revert();
    expect(() => model.revert()).toThrow(RangeError);
    model.apply({ remove: ['s001'] });
    model.settle();
    expect(() => model.revert()).toThrow(RangeError);
    expectFull(engine, model, changed(START, { remove: ['s001'] }));
  });

  it('says what goes with each site as the plain pass does, to the last bit, whatever has changed', () => {
    const amounts = cellAmounts(grid);
    const model = open(engine, START);
    const expectPlain = (): Float64Array => {
      const before = stateOf(model);
      const { views, losses } = model.outages(amounts);
      const plain = siteOutages(amounts, model.layers, model.siteCodes.length);
      expect(views).toEqual(plain.views);
      expect(losses).toEqual(plain.losses);
      expect(stateOf(model)).toEqual(before);
      return losses;
    };
    const atFirst = expectPlain();
    expect(atFirst.some((loss) => loss > 0)).toBe(true);
    model.apply({ remove: ['s001', 's003'], put: [{ ...smallSites(1, 77)[0]!, code: 'new' }] });
    expect(expectPlain()).not.toEqual(atFirst);
    model.revert();
    expect(expectPlain()).toEqual(atFirst);
    model.apply({ remove: START.map(({ code }) => code) });
    expect(expectPlain().every((loss) => loss === 0)).toBe(true);
  });

  it('starts from nothing', () => {
    const model = open(engine, []);
    expect(model.layers).toEqual([]);
    model.apply({ put: START });
    expectFull(engine, model, START);
  });
});
