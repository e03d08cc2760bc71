// What goes when one site alone fails: the pass of domain/planning/outage.ts, four cells at a time, adding in the same order.

/** Cells that are followed through all layers at once; as in domain/planning/outage.ts. */
const BLOCK: usize = 2048;
/** Bits of a site's number. */
const NUMBER: i32 = 0xffff;

/** A layer as it is asked about here; pointers. Kept equal to domain/wasm/kernel-outages.ts. */
const ASKED_SIZE: usize = 16;
const ASKED_SITES: usize = 0; // u16[cells]
const ASKED_XOR: usize = 4; // u32[cells]
const ASKED_TECHNOLOGY: usize = 8; // i32[BLOCK], who serves in the layer's technology
const ASKED_OPERATOR: usize = 12; // i32[BLOCK], who serves for its operator

/** Bytes of what a site's outage costs in a view, and of what lies in a cell: m², people, households, cells as f64. */
const AMOUNTS: usize = 32;

/** Writes who serves each cell of a block, as bits: see `findServers` of the host. */
function findServers(asked: usize, from: usize, count: usize, ofLayer: usize): void {
  const sites = <usize>load<u32>(asked, ASKED_SITES) + (from << 1);
  const xor = <usize>load<u32>(asked, ASKED_XOR) + (from << 2);
  const technology = <usize>load<u32>(asked, ASKED_TECHNOLOGY);
  const operator = <usize>load<u32>(asked, ASKED_OPERATOR);
  const number = i32x4.splat(NUMBER);
  for (let k: usize = 0; k < count; k += 4) {
    const serving = v128.load16x4_u(sites + (k << 1));
    const site = v128.load(xor + (k << 2));
    const several = i32x4.gt_s(serving, i32x4.splat(1));
    const some = i32x4.gt_s(serving, i32x4.splat(0));
    const both = v128.or(i32x4.shl(site, 16), v128.andnot(number, site));
    const bits = v128.and(v128.or(both, several), some);
    const at = k << 2;
    v128.store(ofLayer + at, bits);
    v128.store(technology + at, v128.or(v128.load(technology + at), bits));
    v128.store(operator + at, v128.or(v128.load(operator + at), bits));
  }
}

/** Adds up what each site serves alone; runs of neighbouring cells that go with the same site are written once. */
function addLosses(losses: usize, servers: usize, count: usize, amounts: usize): void {
  const number = i32x4.splat(NUMBER);
  let run: i32 = 0;
  let next: usize = 0;
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  for (let k: usize = 0; k < count; k += 4) {
    const bits = v128.load(servers + (k << 2));
    const alone = i32x4.eq(v128.xor(i32x4.shr_u(bits, 16), v128.and(bits, number)), number);
    let mask = i32x4.bitmask(alone);
    if (!mask) continue;
    if (k + 4 > count) mask &= (1 << <i32>(count - k)) - 1;
    while (mask) {
      const i = k + <usize>ctz(mask);
      mask &= mask - 1;
      const own = load<i32>(servers + (i << 2));
      if (own != run || i != next) {
        if (run) addRun(losses, run, first, second);
        run = own;
        first = f64x2.splat(0);
        second = f64x2.splat(0);
      }
      next = i + 1;
      const amount = amounts + i * AMOUNTS;
      first = f64x2.add(first, v128.load(amount));
      second = f64x2.add(second, v128.load(amount, 16));
    }
  }
  if (run) addRun(losses, run, first, second);
}

@inline function addRun(losses: usize, bits: i32, first: v128, second: v128): void {
  const to = losses + (<usize>(<u32>bits >> 16) - 1) * AMOUNTS;
  v128.store(to, f64x2.add(v128.load(to), first));
  v128.store(to, f64x2.add(v128.load(to, 16), second), 16);
}

/**
 * Adds what goes with each site to `losses`: by view (those of several layers together, then the layers) and site. `servers` holds a block
 * for each of `together` views: all layers, each of `technologies`, each operator; and one more for the layer in hand.
 */
export function outages(
  cells: u32, asked: usize, layers: u32, technologies: u32, together: u32, servers: usize, amounts: usize, losses: usize, sites: u32,
): void {
  const block: usize = BLOCK << 2;
  const ofLayer = servers + <usize>together * block;
  const view = <usize>sites * AMOUNTS;
  for (let from: usize = 0; from < <usize>cells; from += BLOCK) {
    const count = min(BLOCK, <usize>cells - from);
    const amount = amounts + from * AMOUNTS;
    memory.fill(servers, 0, <usize>together * block);
    for (let l: u32 = 0; l < layers; l++) {
      findServers(asked + <usize>l * ASKED_SIZE, from, count, ofLayer);
      addLosses(losses + <usize>(together + l) * view, ofLayer, count, amount);
    }
    for (let t: usize = 1; t <= <usize>technologies; t++) {
      const ofTechnology = servers + t * block;
      for (let k: usize = 0; k < block; k += 16)
        v128.store(servers + k, v128.or(v128.load(servers + k), v128.load(ofTechnology + k)));
    }
    for (let v: usize = 0; v < <usize>together; v++) addLosses(losses + v * view, servers + v * block, count, amount);
  }
}
