import { airAbsorptionDbPerKm, exactMidbandHz } from './air-absorption.js';
import { groundAttenuationDb } from './ground-effect.js';
import type { ReachParameters } from './parameters.js';
import { SPEECH_BANDS_HZ, SPEECH_SHARES } from './speech-bands.js';

/** What takes the level of speech down on its way, each in dB(A) of the whole band. */
export interface WayLoss {
  /** Inverse square of the distance between horn and ear. */
  spreadingDb: number;
  airDb: number;
  /** Negative where the ground adds to the sound. */
  groundDb: number;
}

/** Absorption of each speech band, dB/km. */
export function bandAbsorptions(parameters: ReachParameters): number[] {
  return SPEECH_BANDS_HZ.map((band) => airAbsorptionDbPerKm(exactMidbandHz(band), parameters.air));
}

/**
 * Loss from 1 m before a horn to the ear over flat ground. The bands lose differently, so air and ground are those of the A-weighted
 * sum of the bands: air alone, then what the ground does to what is left. Nearer than 1 m counts as 1 m.
 */
export function wayLoss(
  parameters: ReachParameters,
  absorptions: readonly number[],
  hornHeightM: number,
  groundFactor: number,
  distanceM: number,
): WayLoss {
  const { earHeightM } = parameters;
  const slantM = Math.max(1, Math.hypot(distanceM, hornHeightM - earHeightM));
  let throughAir = 0;
  let overGround = 0;
  SPEECH_BANDS_HZ.forEach((band, b) => {
    const airDb = ((absorptions[b] as number) * slantM) / 1000;
    const path = { sourceHeightM: hornHeightM, receiverHeightM: earHeightM, distanceM, groundFactor };
    const share = SPEECH_SHARES[b] as number;
    throughAir += share * 10 ** (-airDb / 10);
    overGround += share * 10 ** (-(airDb + groundAttenuationDb(band, path)) / 10);
  });
  const airDb = -10 * Math.log10(throughAir);
  return {
    spreadingDb: 20 * Math.log10(slantM),
    airDb,
    groundDb: -10 * Math.log10(overGround) - airDb,
  };
}

/** Step of the tables, metres: a straight line between two steps is within 0.1 dB from 20 m on. */
const STEP_M = 5;

/** Loss of air and ground by distance on the ground, for one height of horn over one kind of ground. */
export type WayTable = Float64Array;

/** Tables by height and kind of ground, each made when it is first asked for. */
export class WayTables {
  private readonly tables = new Map<number, WayTable[]>();
  private readonly absorptions: number[];

  constructor(private readonly parameters: ReachParameters) {
    this.absorptions = bandAbsorptions(parameters);
  }

  /** One table for each land cover. */
  of(hornHeightM: number): readonly WayTable[] {
    let tables = this.tables.get(hornHeightM);
    if (!tables) {
      const { surroundings } = this.parameters;
      tables = surroundings.map(({ groundFactor }, i) => {
        const same = surroundings.findIndex((other) => other.groundFactor === groundFactor);
        return same < i ? new Float64Array() : this.make(hornHeightM, groundFactor);
      });
      surroundings.forEach(({ groundFactor }, i) => {
        const same = surroundings.findIndex((other) => other.groundFactor === groundFactor);
        (tables as WayTable[])[i] = (tables as WayTable[])[same] as WayTable;
      });
      this.tables.set(hornHeightM, tables);
    }
    return tables;
  }

  private make(hornHeightM: number, groundFactor: number): WayTable {
    const table = new Float64Array(Math.ceil(this.parameters.maxRangeM / STEP_M) + 2);
    for (let k = 0; k < table.length; k++) {
      const { airDb, groundDb } = wayLoss(
        this.parameters,
        this.absorptions,
        hornHeightM,
        groundFactor,
        k * STEP_M,
      );
      table[k] = airDb + groundDb;
    }
    return table;
  }
}

/** Air and ground at a distance on the ground, from a table. */
export function lossFromTable(table: WayTable, distanceM: number): number {
  const place = distanceM / STEP_M;
  const k = place | 0;
  const low = table[k] as number;
  return low + ((table[k + 1] as number) - low) * (place - k);
}
