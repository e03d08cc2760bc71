import { type RandomStream } from './random.js';
import { type DemoSite } from './types.js';

/** A structure and the height above ground at which its antennas hang. */
type Build = Pick<DemoSite, 'structure' | 'mastClass' | 'structureHeightM'> & {
  antennaHeightM: number;
};

const STRUCTURES = ['ground_tower', 'rooftop', 'monopole', 'mast', 'pole'] as const;

/** Draws a structure: towers outside of towns, much on roofs and poles within. Heights are usual ones of the delta. */
export function build(inTown: boolean, random: RandomStream): Build {
  const structure =
    STRUCTURES[random.weighted(inTown ? [10, 40, 25, 15, 10] : [78, 2, 8, 10, 2])] ?? 'ground_tower';
  switch (structure) {
    case 'ground_tower': {
      const height = inTown ? random.whole(30, 42) : random.pick([36, 39, 42, 42, 45, 45, 48]);
      return { structure, mastClass: 'A2b', structureHeightM: height, antennaHeightM: height - 2 };
    }
    case 'rooftop': {
      const roof = random.whole(8, 20);
      const height = random.pick([3, 3, 6, 9, 12]);
      return {
        structure,
        mastClass: height <= 3 ? 'A1' : 'A2a',
        structureHeightM: height,
        antennaHeightM: roof + height - 0.5,
      };
    }
    case 'monopole': {
      const height = random.whole(24, 36);
      return { structure, mastClass: 'A2b', structureHeightM: height, antennaHeightM: height - 1 };
    }
    case 'mast': {
      const height = random.whole(30, 42);
      return { structure, mastClass: 'A2c', structureHeightM: height, antennaHeightM: height - 1.5 };
    }
    case 'pole': {
      const height = random.whole(15, 20);
      return { structure, mastClass: 'A1', structureHeightM: height, antennaHeightM: height - 0.5 };
    }
  }
}

/** How well a site is known: most were seen, some were only told of. */
export function confidenceOf(random: RandomStream): DemoSite['confidence'] {
  return (['confirmed', 'inferred', 'estimated'] as const)[random.weighted([60, 25, 15])] ?? 'estimated';
}
