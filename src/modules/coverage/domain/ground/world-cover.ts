import { CoverageInputError, type Sourced } from '../parameters.js';
import { GROUND_CLASSES, type ClassMapping } from './ground-classes.js';

/** How the codes of ESA WorldCover are read, unless a source brings a mapping of its own. */
export type WorldCoverRule = Sourced & { classes: ClassMapping };

export const DEFAULT_WORLD_COVER: WorldCoverRule = {
  classes: {
    '10': 'suburban',
    '20': 'open',
    '30': 'open',
    '40': 'open',
    '50': 'built-up',
    '60': 'open',
    '70': 'open',
    '80': 'water',
    '90': 'open',
    '95': 'suburban',
    '100': 'open',
  },
  source:
    'classes of ESA WorldCover 10 m v200; what they stand for is assumed: trees (10, 95) here are orchards with houses among them, which weaken signals as a suburb does',
  assumed: true,
};

/** Throws a `CoverageInputError` when a class stands for something that there is not. */
export function checkWorldCover(rule: WorldCoverRule): void {
  for (const [code, ground] of Object.entries(rule.classes)) {
    if (GROUND_CLASSES.includes(ground)) continue;
    const list = GROUND_CLASSES.join(', ');
    throw new CoverageInputError(
      `parameters.worldCover.classes.${code}`,
      `The class ${code} must stand for one of ${list}.`,
      `Lớp ${code} phải ứng với một trong ${list}.`,
    );
  }
}
