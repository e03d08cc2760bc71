import type { CellAmounts } from '../planning/amounts.js';
import { outageViews, type SiteOutages } from '../planning/outage.js';
import type { Arena, Kernel } from './kernel.js';
import type { LayerMemory } from './kernel-memory.js';
import { LAYER } from './memory-layout.js';

/** As in kernel/outage.ts: cells that are followed at once, and bytes of a layer as it is asked about. */
const BLOCK = 2048;
const ASKED_BYTES = 16;
const NUMBERS = 4;

/**
 * `siteOutages` by the kernel, four cells at a time: the same numbers, bit by bit, for it adds in the same order. Uses memory above all that is
 * taken and leaves none of it taken.
 */
export function kernelOutages(
  kernel: Kernel,
  arena: Arena,
  layers: readonly LayerMemory[],
  amounts: CellAmounts,
  sites: number,
): SiteOutages {
  const { views, technologies, operators, together } = outageViews(
    layers.map(({ levels }) => levels),
    sites,
  );
  const cells = amounts.areaM2.length;
  const mark = arena.mark;
  try {
    const asked = arena.take(ASKED_BYTES * layers.length);
    const servers = arena.take(4 * BLOCK * (together + 1));
    const amount = arena.take(8 * NUMBERS * cells);
    const length = NUMBERS * views.length * sites;
    const losses = arena.take(8 * length);
    const block = (view: number): number => servers + 4 * BLOCK * view;
    layers.forEach(({ address, levels }, l) => {
      const layer = arena.uint32(address, LAYER.bytes / 4);
      arena
        .uint32(asked + ASKED_BYTES * l, ASKED_BYTES / 4)
        .set([
          layer[LAYER.sites / 4] as number,
          layer[LAYER.xor / 4] as number,
          block(1 + technologies.indexOf(levels.technology)),
          block(1 + technologies.length + operators.indexOf(levels.operatorCode)),
        ]);
    });
    writeAmounts(arena.float64(amount, NUMBERS * cells), amounts);
    const sums = arena.float64(losses, length).fill(0);
    kernel.outages(
      cells,
      asked,
      layers.length,
      technologies.length,
      together,
      servers,
      amount,
      losses,
      sites,
    );
    return { views, sites, losses: Float64Array.from(sums) };
  } finally {
    arena.release(mark);
  }
}

function writeAmounts(to: Float64Array, { areaM2, population, households }: CellAmounts): void {
  for (let i = 0, at = 0; i < areaM2.length; i++, at += NUMBERS) {
    to[at] = areaM2[i] as number;
    to[at + 1] = population[i] as number;
    to[at + 2] = households[i] as number;
    to[at + 3] = 1;
  }
}
