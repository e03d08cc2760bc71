import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CoverageGrid, RunParameters } from '../../src/modules/coverage/domain/index.js';
import { FIRST_NODE, FRACTION_MASK, NODE_SHIFT } from '../../src/modules/coverage/domain/path-loss-table.js';
import { groupTransmitters } from '../../src/modules/coverage/domain/transmitter-groups.js';
import type { PreparedTransmitters } from '../../src/modules/coverage/domain/transmitters.js';

export interface NumpyResult {
  seconds: number;
  /** Cells of all layers that are served. */
  served: number;
  version: string;
}

/** The levels of a network by levels.py; null where Python or numpy (Debian's python3-numpy) is not there. */
export function numpyLevels(
  grid: CoverageGrid,
  prepared: PreparedTransmitters,
  parameters: RunParameters,
): NumpyResult | null {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-numpy-'));
  try {
    fs.writeFileSync(path.join(folder, 'network.json'), JSON.stringify(networkOf(prepared, parameters)));
    fs.writeFileSync(path.join(folder, 'x.f32'), new Uint8Array(Float32Array.from(grid.x).buffer));
    fs.writeFileSync(path.join(folder, 'y.f32'), new Uint8Array(Float32Array.from(grid.y).buffer));
    fs.writeFileSync(path.join(folder, 'cover.u8'), grid.landCover);
    const script = path.join(import.meta.dirname, '../../../bench/coverage/levels.py');
    const python = spawnSync('python3', [script, folder], { encoding: 'utf8', maxBuffer: 1e8 });
    return python.status === 0 ? (JSON.parse(python.stdout) as NumpyResult) : null;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function networkOf(prepared: PreparedTransmitters, parameters: RunParameters): object {
  const groups = groupTransmitters(prepared, parameters).flatMap((own, layer) =>
    own.map((group) => ({ group, layer })),
  );
  const tables = [...new Set(groups.map(({ group }) => group.table))];
  return {
    layers: prepared.layers.length,
    firstNode: FIRST_NODE,
    shift: NODE_SHIFT,
    mask: FRACTION_MASK,
    ...parameters.antenna,
    tables: tables.map(({ nodes, loss }) => ({ nodes, loss: [...loss] })),
    groups: groups.map(({ group, layer }) => {
      const technology = prepared.layers[layer]?.technology ?? '4G';
      const { x, y, reachSquaredM2, riseM, table } = group;
      return {
        x,
        y,
        reachSquaredM2,
        riseM,
        layer,
        thresholdDbm: parameters.thresholds[technology].sufficientDbm,
        table: tables.indexOf(table),
        sectors: Array.from(group.transmitter, (id, c) => ({
          eirpDbm: group.eirpDbm[c],
          east: group.east[c],
          north: group.north[c],
          tiltDeg: group.tiltDeg[c],
          perBeamDeg: group.perBeamDeg[c],
          beamwidthDeg: prepared.transmitters[id]?.horizontalBeamwidthDeg ?? 0,
        })),
      };
    }),
  };
}
