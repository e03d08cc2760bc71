import { localProjection } from '../../../geo/index.js';
import { defaultParameters } from './defaults.js';
import { cellOf } from './fixtures/small-province.js';
import { WarningCollector } from './run-warning.js';
import type { SnapshotCell, SnapshotSite } from './snapshot.js';
import { prepareTransmitters } from './transmitters.js';

const parameters = defaultParameters();
const projection = localProjection(105.6, 9.8);

const siteOf = (cells: SnapshotCell[], changes: Partial<SnapshotSite> = {}): SnapshotSite => ({
  code: 'S1',
  lon: 105.6,
  lat: 9.8,
  structureHeightM: null,
  cells,
  ...changes,
});

function prepare(...sites: SnapshotSite[]) {
  const warnings = new WarningCollector();
  return { ...prepareTransmitters(sites, parameters, projection, warnings), warnings: warnings.list() };
}

describe('prepareTransmitters', () => {
  it('takes defaults for what is unknown, and counts them', () => {
    const result = prepare(
      siteOf([
        cellOf({ code: 'a', txPowerDbm: null, tiltDeg: null, assumedFields: ['azimuthDeg', 'tiltDeg'] }),
        cellOf({ code: 'b' }),
      ]),
    );
    expect(result.warnings).toEqual([]);
    expect(result.assumed).toEqual({ azimuthDeg: 1, tiltDeg: 1, txPowerDbm: 1 });
    expect(result.cellsWithAssumedValues).toBe(1);
    expect(result.transmitters[0]?.tiltDeg).toBe(parameters.cellDefaults['4G'].tiltDeg);
    expect(result.transmitters[0]?.eirpDbm).toBe(result.transmitters[1]?.eirpDbm);
  });

  it('takes the EIRP as it is given, and then assumes nothing about power', () => {
    const cell = {
      code: 'a',
      referenceEirpDbm: 31,
      txPowerDbm: null,
      gainDbi: null,
      feederLossDb: null,
      bandwidthMhz: null,
    };
    const result = prepare(siteOf([cellOf(cell)]));
    expect(result.transmitters[0]?.eirpDbm).toBe(31);
    expect(result.assumed).toEqual({});
  });

  it('takes the height of the structure when that of the antenna is unknown, and says so', () => {
    const result = prepare(siteOf([cellOf({ code: 'a', antennaHeightM: null })], { structureHeightM: 42 }));
    expect(result.transmitters[0]?.heightM).toBe(42);
    expect(result.assumed).toEqual({ antennaHeightM: 1 });
  });

  it('knows omnidirectional antennas', () => {
    const result = prepare(
      siteOf([
        cellOf({ code: 'a', azimuthDeg: null, horizontalBeamwidthDeg: null, gainDbi: null }),
        cellOf({ code: 'b', azimuthDeg: 10, horizontalBeamwidthDeg: 360 }),
        cellOf({ code: 'c', azimuthDeg: null, horizontalBeamwidthDeg: 65 }),
      ]),
    );
    expect(result.transmitters.map((t) => t.horizontalBeamwidthDeg)).toEqual([null, null, null]);
    expect(result.assumed).toEqual({ azimuthDeg: 1, gainDbi: 1 });
  });

  it.each([
    [{ antennaHeightM: null }, 'cell.no-height', 'antennaHeightM'],
    [{ antennaHeightM: -5 }, 'cell.value', 'antennaHeightM'],
    [{ antennaHeightM: 0 }, 'cell.value', 'antennaHeightM'],
    [{ frequencyMhz: NaN }, 'cell.value', 'frequencyMhz'],
    [{ bandwidthMhz: 0 }, 'cell.value', 'bandwidthMhz'],
    [{ azimuthDeg: 1000 }, 'cell.value', 'azimuthDeg'],
    [{ horizontalBeamwidthDeg: 0 }, 'cell.value', 'horizontalBeamwidthDeg'],
    [{ txPowerDbm: Infinity }, 'cell.value', 'txPowerDbm'],
    [{ gainDbi: '17' as unknown as number }, 'cell.value', 'gainDbi'],
    [{ technology: '6G' as '5G' }, 'cell.technology', 'technology'],
    [{ operatorCode: '' }, 'cell.operator', 'operatorCode'],
  ])('of %j leaves the cell out with a warning that names it', (changes, code, field) => {
    const result = prepare(siteOf([cellOf({ code: 'bad', ...changes }), cellOf({ code: 'good' })]));
    expect(result.transmitters.map((t) => t.cellCode)).toEqual(['good']);
    expect(result.cellsSkipped).toBe(1);
    expect(result.warnings).toMatchObject([{ code, field, count: 1, subjects: ['S1/bad'] }]);
  });

  it('leaves out sites without a place and codes that occur twice, and goes on', () => {
    const result = prepare(
      siteOf([cellOf({ code: 'a' })], { code: 'lost', lon: NaN }),
      siteOf([cellOf({ code: 'a' }), cellOf({ code: 'a' })]),
      siteOf([cellOf({ code: 'z' })]),
    );
    expect(result.transmitters.map((t) => `${t.siteCode}/${t.cellCode}`)).toEqual(['S1/a']);
    expect(result.cellsGiven).toBe(4);
    expect(result.cellsSkipped).toBe(3);
    expect(result.warnings.map((warning) => [warning.code, warning.subjects])).toEqual(
      expect.arrayContaining([
        ['cell.duplicate', ['S1/a']],
        ['site.duplicate', ['S1']],
        ['site.position', ['lost']],
      ]),
    );
  });

  it('warns of a bandwidth outside the standard but uses it', () => {
    const result = prepare(siteOf([cellOf({ code: 'a', bandwidthMhz: 12 })]));
    expect(result.transmitters).toHaveLength(1);
    expect(result.warnings).toMatchObject([{ code: 'cell.bandwidth', subjects: ['S1/a'] }]);
  });

  it('names a hundred of many bad cells and counts them all', () => {
    const cells = Array.from({ length: 250 }, (_, i) => cellOf({ code: `c${i}`, antennaHeightM: null }));
    const { warnings } = prepare(siteOf(cells));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.count).toBe(250);
    expect(warnings[0]?.subjects).toHaveLength(100);
    expect(warnings[0]?.messageVi).toContain('độ cao');
  });

  it('orders layers by technology and operator', () => {
    const cell = (code: string, technology: '2G' | '5G', operatorCode: string) =>
      cellOf({ code, technology, operatorCode });
    const { layers } = prepare(siteOf([cell('a', '5G', 'b'), cell('b', '2G', 'z'), cell('c', '5G', 'a')]));
    expect(layers).toEqual([
      { technology: '2G', operatorCode: 'z' },
      { technology: '5G', operatorCode: 'a' },
      { technology: '5G', operatorCode: 'b' },
    ]);
  });
});
