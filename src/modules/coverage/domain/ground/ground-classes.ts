/**
 * What a class of a land-cover source may stand for. `built-up` is urban or suburban, whichever the people per km² say; `water` is
 * reckoned as open ground that nobody lives on and that counts for no area.
 */
export const GROUND_CLASSES = ['urban', 'suburban', 'open', 'built-up', 'water'] as const;
export type GroundClass = (typeof GROUND_CLASSES)[number];

/** By the source's own name or code of a class. */
export type ClassMapping = Readonly<Record<string, GroundClass>>;
