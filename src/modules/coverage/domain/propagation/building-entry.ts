/** How much a building or vehicle lets through: 38.901's two kinds of building, and a car. */
export const BUILDING_LOSSES = ['low', 'high'] as const;
export type BuildingLoss = (typeof BUILDING_LOSSES)[number];

const share = (part: number, lossDb: number): number => part * 10 ** (-lossDb / 10);

/**
 * Loss of the outer wall in dB (3GPP TR 38.901 tables 7.4.3-1 and 7.4.3-2), without the loss by depth inside. `low`: 30 % plain glass
 * and 70 % concrete; `high`: 70 % coated glass and 30 % concrete.
 */
export function buildingEntryLossDb(kind: BuildingLoss, frequencyMhz: number): number {
  const ghz = frequencyMhz / 1000;
  const concrete = 5 + 4 * ghz;
  const through =
    kind === 'low'
      ? share(0.3, 2 + 0.2 * ghz) + share(0.7, concrete)
      : share(0.7, 23 + 0.3 * ghz) + share(0.3, concrete);
  return 5 - 10 * Math.log10(through);
}

/** Mean loss into a car in dB (3GPP TR 38.901 section 7.4.3.2: μ = 9). */
export const VEHICLE_ENTRY_LOSS_DB = 9;
