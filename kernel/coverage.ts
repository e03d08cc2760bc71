// The coverage kernel in AssemblyScript: compiled to WebAssembly with SIMD by `npm run build:kernel`, see README.md beside it.
// It allocates nothing and keeps no stack in memory: whoever calls it lays the memory out (src/modules/coverage/domain/wasm), and
// several instances may work on one shared memory, each with a scratch area of its own.

// --- What lies where: offsets in bytes; every pointer is a 32-bit address. Kept equal to domain/wasm/memory-layout.ts. ---

/** Changes with anything below that the host writes or reads. */
export function layout(): i32 { return 3; }

export { outages } from './outage';

/** Model: what all layers share. */
const MODEL_TILE_START: usize = 0; // u32[tiles + 1]
const MODEL_TILE_X: usize = 4; // f64[tiles]
const MODEL_TILE_Y: usize = 8; // f64[tiles]
const MODEL_TILE_RADIUS: usize = 12; // f32[tiles], with slack
const MODEL_TILE_COVERS: usize = 16; // u32[tiles], bit c: land cover c occurs
const MODEL_X: usize = 20; // f32[cells + 4], metres east of the tile's centre
const MODEL_Y: usize = 24;
const MODEL_COVER: usize = 28; // i32[cells + 4], land cover as an offset into a loss table, bytes
const MODEL_LAYERS: usize = 32;
const MODEL_RANK: usize = 36; // i32[transmitters], which of equal levels comes first
const MODEL_MAX_ATTENUATION: usize = 40; // f32, dB
const MODEL_SIDE_LOBE: usize = 44; // f32, dB

/** Layer: one operator's network of one technology. */
const LAYER_SIZE: usize = 64;
const LAYER_LEVEL: usize = 0; // f32[cells]
const LAYER_BEST: usize = 4; // i32[cells]
const LAYER_XOR: usize = 8; // u32[cells]
const LAYER_CELLS: usize = 12; // u16[cells]
const LAYER_SITES: usize = 16; // u16[cells]
const LAYER_THRESHOLD: usize = 20; // f32, dBm
const LAYER_WEAKEST: usize = 24; // f32, dBm
const LAYER_BELOW: usize = 28; // f32, the next number below the weakest
const LAYER_BATCHES: usize = 32; // u32, how many
const LAYER_BATCH_X: usize = 36; // f32[batches, rounded up to 4]
const LAYER_BATCH_Y: usize = 40;
const LAYER_BATCH_REACH: usize = 44; // f32, metres
const LAYER_RECORDS: usize = 48;

/** Batch: up to four sectors of one site with the same frequency and height. */
const BATCH_SIZE: usize = 192;
const BATCH_X: usize = 0; // f64
const BATCH_Y: usize = 8; // f64
const BATCH_LOSS: usize = 16; // [loss, step to the next node / 2^18] of each node, land covers one after the other
const BATCH_BOUNDS: usize = 20; // f32[4] least loss from this node on by land cover, f32[4] greatest loss up to it; of every second node
const BATCH_RISE: usize = 28; // f32, metres above the mobile
const BATCH_REACH_SQUARED: usize = 32; // f32, m²
const BATCH_SITE: usize = 36; // u32, place of the site in the list, and 1
const BATCH_STRONGEST: usize = 40; // f32, greatest and least EIRP of the sectors, dBm
const BATCH_FAINTEST: usize = 44;
const BATCH_EAST: usize = 48; // f32[4], direction as a unit vector; nought when omnidirectional
const BATCH_NORTH: usize = 64;
const BATCH_EIRP: usize = 80; // dBm; very low for an unused place
const BATCH_HORIZONTAL: usize = 96; // √12 / beamwidth in radians; nought when omnidirectional
const BATCH_VERTICAL: usize = 112; // √12 / beamwidth in radians
const BATCH_TILT: usize = 128; // √12 · tilt / beamwidth
const BATCH_ID: usize = 144; // i32[4], place in the list of transmitters

/** Scratch: a tile's results while it is in hand. */
const LANES: usize = 256; // bytes of an array of 64 cells
const S_BEST: usize = LANES;
const S_CELLS: usize = 2 * LANES;
const S_SITES: usize = 3 * LANES;
const S_XOR: usize = 4 * LANES;
const S_SERVED: usize = 5 * LANES;
const S_NARROW: usize = 6 * LANES;

/**
 * Numbers, four times each. A number that stands in the code is built from scratch by several instructions at every use; one that lies in
 * memory is one load.
 */
const N_ONE: usize = 2048;
const N_TINY: usize = 2064;
const N_TENTH: usize = 2080;
const N_HALF_PI: usize = 2096;
const N_PI: usize = 2112;
const N_MAGNITUDE: usize = 2128;
const N_MIN_SQUARED: usize = 2144;
const N_NODE_PLACE: usize = 2160;
const N_FRACTION: usize = 2176;
const N_NO_LOSS: usize = 2192;
const N_ARCTAN: usize = 2208; // five coefficients, of the highest power first
const N_ARCCOS: usize = 2288; // four
const N_COVERS: usize = 2352; // nought for a land cover that occurs in the tile in hand, much for one that does not

/** Saved: what tiles were before `add` and `remove` wrote them; each is kept once until the host has taken them all. */
const SAVED_TILES: usize = 0; // u32, how many
const SAVED_CELLS: usize = 4; // u32, how many they have
const SAVED_NUMBERS: usize = 8; // u32[tiles], which
const SAVED_MARKS: usize = 12; // u8[tiles], 1 where it is kept
const SAVED_RESULTS: usize = 16; // pointers as a layer has them, of the cells of one tile after the other

/** Bounds of a candidate over a tile: f32[4] each, by sector. */
const BOUND_SIZE: usize = 64;
const BOUND_UPPER: usize = 0; // no cell has a higher level, dBm
const BOUND_LOWER: usize = 16; // no cell has a lower level, dBm
const BOUND_SURE: usize = 32; // with this loss or less it serves, dB
const BOUND_FAIL: usize = 48; // with more than this loss it does not serve, dB

// --- The loss tables' nodes, as in domain/path-loss-table.ts ---
const NODE_SHIFT: i32 = 18;
const FRACTION_MASK: i32 = 0x3ffff;
const MIN_SQUARED: f32 = 100;
const FIRST_NODE: i32 = 4274; // bits of 100 as a float32 >>> 18
const NODES: i32 = 767; // up to 40 km
const LAST_NODE: i32 = NODES - 1;

/** A level of no use, dBm, and a loss that nothing overcomes, dB. */
const NO_LEVEL: f32 = -1e9;
const NO_LOSS: f32 = 1e9;
/** Batches that are not to be found are beyond, m. */
const NOWHERE: f32 = 1e14;
/** Bounds are reckoned with rounding errors of less than this, dB. */
const BOUND_SLACK: f32 = 0.05;
const HALF_PI: f32 = 1.5707964;
const PI: f32 = 3.1415927;

// The memory of an instance: globals are an instance's own, unlike what is in memory.
let model: usize = 0;
let scratch: usize = 0;
let candidates: usize = 0;
let bounds: usize = 0;
let saved: usize = 0;
let maxAttenuation: f32 = 0;
let sideLobe: f32 = 0;
// The tile in hand.
let tileNumber: usize = 0;
let tileFrom: usize = 0;
let tileCells: usize = 0;
let tileBytes: usize = 0;
let tileX: f64 = 0;
let tileY: f64 = 0;
let tileRadius: f32 = 0;
let cellX: usize = 0;
let cellY: usize = 0;
let cellCover: usize = 0;
// The layer in hand.
let threshold: f32 = 0;
let below: f32 = 0;
let records: usize = 0;
// Servers of every cell of the tile, by bounds alone.
let everyCells: i32 = 0;
let everySites: i32 = 0;
let everyXor: i32 = 0;
/** How many candidates `boundAll` left. */
let kept: i32 = 0;
/** The batch that was heard best everywhere in the last tile: likely so in the next. */
let loudest: u32 = 0;

@inline function at(pointer: usize): usize { return load<u32>(pointer); }

function setFloat(offset: usize, value: f32): void { v128.store(scratch + offset, f32x4.splat(value)); }
function setWord(offset: usize, value: i32): void { v128.store(scratch + offset, i32x4.splat(value)); }

function writeNumbers(): void {
  setFloat(N_ONE, 1);
  setFloat(N_TINY, 1e-6);
  setFloat(N_TENTH, 0.1);
  setFloat(N_HALF_PI, HALF_PI);
  setFloat(N_PI, PI);
  setWord(N_MAGNITUDE, 0x7fffffff);
  setFloat(N_MIN_SQUARED, MIN_SQUARED);
  setWord(N_NODE_PLACE, ~7);
  setWord(N_FRACTION, FRACTION_MASK);
  setFloat(N_NO_LOSS, NO_LOSS);
  setFloat(N_ARCTAN, 0.0208351);
  setFloat(N_ARCTAN + 16, -0.085133);
  setFloat(N_ARCTAN + 32, 0.180141);
  setFloat(N_ARCTAN + 48, -0.3302995);
  setFloat(N_ARCTAN + 64, 0.999866);
  setFloat(N_ARCCOS, -0.0187293);
  setFloat(N_ARCCOS + 16, 0.074261);
  setFloat(N_ARCCOS + 32, -0.2121144);
  setFloat(N_ARCCOS + 48, 1.5707288);
}

/** Says which model this instance works on and where its own scratch, list of candidates and list of bounds are. */
export function open(ofModel: usize, ofScratch: usize, ofCandidates: usize, ofBounds: usize): void {
  model = ofModel;
  scratch = ofScratch;
  candidates = ofCandidates;
  bounds = ofBounds;
  maxAttenuation = load<f32>(model, MODEL_MAX_ATTENUATION);
  sideLobe = load<f32>(model, MODEL_SIDE_LOBE);
  writeNumbers();
}

/** Says where tiles are kept that `add` and `remove` write; 0: nowhere. */
export function saveTo(ofSaved: usize): void { saved = ofSaved; }

/** Keeps the tile in hand as the layer has it, unless it is kept already. */
function saveTile(layer: usize): void {
  if (!saved) return;
  const mark = at(saved + SAVED_MARKS) + tileNumber;
  if (load<u8>(mark)) return;
  store<u8>(mark, 1);
  const tiles = load<u32>(saved, SAVED_TILES);
  const cells = <usize>load<u32>(saved, SAVED_CELLS);
  store<u32>(at(saved + SAVED_NUMBERS) + (<usize>tiles << 2), <u32>tileNumber);
  store<u32>(saved, tiles + 1, SAVED_TILES);
  store<u32>(saved, <u32>(cells + tileCells), SAVED_CELLS);
  const to = saved + SAVED_RESULTS;
  const words = tileCells << 2;
  memory.copy(at(to + LAYER_LEVEL) + (cells << 2), at(layer + LAYER_LEVEL) + (tileFrom << 2), words);
  memory.copy(at(to + LAYER_BEST) + (cells << 2), at(layer + LAYER_BEST) + (tileFrom << 2), words);
  memory.copy(at(to + LAYER_XOR) + (cells << 2), at(layer + LAYER_XOR) + (tileFrom << 2), words);
  memory.copy(at(to + LAYER_CELLS) + (cells << 1), at(layer + LAYER_CELLS) + (tileFrom << 1), words >> 1);
  memory.copy(at(to + LAYER_SITES) + (cells << 1), at(layer + LAYER_SITES) + (tileFrom << 1), words >> 1);
}

function takeTile(tile: usize): void {
  tileNumber = tile;
  const starts = at(model + MODEL_TILE_START) + (tile << 2);
  tileFrom = load<u32>(starts);
  tileCells = <usize>load<u32>(starts, 4) - tileFrom;
  tileBytes = ((tileCells + 3) & ~3) << 2;
  tileX = load<f64>(at(model + MODEL_TILE_X) + (tile << 3));
  tileY = load<f64>(at(model + MODEL_TILE_Y) + (tile << 3));
  tileRadius = load<f32>(at(model + MODEL_TILE_RADIUS) + (tile << 2));
  const covers = load<i32>(at(model + MODEL_TILE_COVERS) + (tile << 2));
  store<f32>(scratch, covers & 1 ? 0 : NO_LOSS, N_COVERS);
  store<f32>(scratch, covers & 2 ? 0 : NO_LOSS, N_COVERS + 4);
  store<f32>(scratch, covers & 4 ? 0 : NO_LOSS, N_COVERS + 8);
  cellX = at(model + MODEL_X) + (tileFrom << 2);
  cellY = at(model + MODEL_Y) + (tileFrom << 2);
  cellCover = at(model + MODEL_COVER) + (tileFrom << 2);
}

function takeLayer(layer: usize): void {
  threshold = load<f32>(layer, LAYER_THRESHOLD);
  below = load<f32>(layer, LAYER_BELOW);
  records = at(layer + LAYER_RECORDS);
}

/** Arc tangent of x ≥ 0, error below 10⁻⁵ (Abramowitz and Stegun 4.4.47). */
@inline function arctan(numbers: usize, x: v128): v128 {
  const one = v128.load(numbers, N_ONE);
  const steep = f32x4.gt(x, one);
  let y = x;
  const anySteep = v128.any_true(steep);
  if (anySteep) y = v128.bitselect(f32x4.div(one, x), x, steep);
  const s = f32x4.mul(y, y);
  let p = f32x4.add(f32x4.mul(s, v128.load(numbers, N_ARCTAN)), v128.load(numbers, N_ARCTAN + 16));
  p = f32x4.add(f32x4.mul(p, s), v128.load(numbers, N_ARCTAN + 32));
  p = f32x4.add(f32x4.mul(p, s), v128.load(numbers, N_ARCTAN + 48));
  p = f32x4.add(f32x4.mul(p, s), v128.load(numbers, N_ARCTAN + 64));
  p = f32x4.mul(p, y);
  return anySteep ? v128.bitselect(f32x4.sub(v128.load(numbers, N_HALF_PI), p), p, steep) : p;
}

/** Arc cosine, error below 7·10⁻⁵ and much less near 1 (Abramowitz and Stegun 4.4.45); a cosine a hair above 1 counts as 1. */
@inline function arccos(numbers: usize, x: v128): v128 {
  const a = v128.and(x, v128.load(numbers, N_MAGNITUDE));
  const root = f32x4.sqrt(f32x4.pmax(f32x4.splat(0), f32x4.sub(v128.load(numbers, N_ONE), a)));
  let p = f32x4.add(f32x4.mul(a, v128.load(numbers, N_ARCCOS)), v128.load(numbers, N_ARCCOS + 16));
  p = f32x4.add(f32x4.mul(p, a), v128.load(numbers, N_ARCCOS + 32));
  p = f32x4.add(f32x4.mul(p, a), v128.load(numbers, N_ARCCOS + 48));
  p = f32x4.mul(p, root);
  // π/2 less its difference to π/2, which has the sign of x.
  const half = v128.load(numbers, N_HALF_PI);
  return f32x4.sub(half, v128.xor(f32x4.sub(half, p), v128.xor(x, a)));
}

/** The node of a squared distance in a loss table. */
@inline function nodeOf(squared: f32): i32 {
  return min((reinterpret<i32>(max(squared, MIN_SQUARED)) >> NODE_SHIFT) - FIRST_NODE, LAST_NODE);
}

/** Lists the layer's batches that reach the tile; how many. */
function gather(layer: usize): i32 {
  const count = <usize>load<u32>(layer, LAYER_BATCHES) << 2;
  const xs = at(layer + LAYER_BATCH_X);
  const ys = at(layer + LAYER_BATCH_Y);
  const reaches = at(layer + LAYER_BATCH_REACH);
  const cx = f32x4.splat(<f32>tileX);
  const cy = f32x4.splat(<f32>tileY);
  const r = f32x4.splat(tileRadius);
  let to = candidates;
  for (let q: usize = 0; q < count; q += 16) {
    const dx = f32x4.sub(v128.load(xs + q), cx);
    const dy = f32x4.sub(v128.load(ys + q), cy);
    const reach = f32x4.add(v128.load(reaches + q), r);
    const near = f32x4.le(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(reach, reach));
    let mask = i32x4.bitmask(near);
    while (mask) {
      store<u32>(to, <u32>(q >> 2) + <u32>ctz(mask));
      to += 4;
      mask &= mask - 1;
    }
  }
  return <i32>((to - candidates) >> 2);
}

// What `boundLoss` finds for `boundSectors` to go on with.
let nearM: f32 = 0;
let farM: f32 = 0;
let eastM: f32 = 0;
let northM: f32 = 0;
let distanceM: f32 = 0;
let leastLoss: f32 = 0;
let mostLoss: f32 = 0;

/** Bounds of the batch's loss over the tile: by the nearest and the farthest point, over the land covers that occur. */
function boundLoss(record: usize): void {
  const numbers = scratch;
  eastM = <f32>(tileX - load<f64>(record, BATCH_X));
  northM = <f32>(tileY - load<f64>(record, BATCH_Y));
  distanceM = sqrt<f32>(eastM * eastM + northM * northM);
  nearM = max<f32>(0, distanceM - tileRadius);
  farM = distanceM + tileRadius;
  const table = at(record + BATCH_BOUNDS);
  const others = v128.load(numbers, N_COVERS);
  const least = f32x4.add(v128.load(table + (<usize>(nodeOf(nearM * nearM) >> 1) << 5)), others);
  const most = f32x4.sub(v128.load(table + (<usize>(nodeOf(farM * farM) >> 1) << 5), 16), others);
  leastLoss = min(min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)), f32x4.extract_lane(least, 2));
  mostLoss = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), f32x4.extract_lane(most, 2));
  if (farM * farM > load<f32>(record, BATCH_REACH_SQUARED)) mostLoss = NO_LOSS;
}

/**
 * Writes bounds of the batch's four levels over the tile. Seen from the site, the tile lies within an angle δ of its centre,
 * sin δ = radius / distance. Returns the greatest lower bound of a level.
 */
function boundSectors(record: usize, to: usize): f32 {
  const numbers = scratch;
  const zero = f32x4.splat(0);
  const rise = load<f32>(record, BATCH_RISE);
  let ratios = f32x4.splat(abs(rise) / max<f32>(nearM, 10));
  ratios = f32x4.replace_lane(ratios, 1, abs(rise) / max<f32>(farM, 10));
  const angles = arctan(numbers, ratios);
  const sign: f32 = rise < 0 ? -1 : 1;
  const perBeam = v128.load(record, BATCH_VERTICAL);
  const tilt = v128.load(record, BATCH_TILT);
  const high = f32x4.sub(f32x4.mul(f32x4.splat(f32x4.extract_lane(angles, 0) * sign), perBeam), tilt);
  const low = f32x4.sub(f32x4.mul(f32x4.splat(f32x4.extract_lane(angles, 1) * sign), perBeam), tilt);
  const high2 = f32x4.mul(high, high);
  const low2 = f32x4.mul(low, low);
  const lobe = f32x4.splat(sideLobe);
  const aimed = f32x4.lt(f32x4.mul(high, low), zero);
  let attenuationMin = f32x4.pmin(v128.andnot(f32x4.pmin(high2, low2), aimed), lobe);
  let attenuationMax = f32x4.pmin(f32x4.pmax(high2, low2), lobe);

  const most4 = f32x4.splat(maxAttenuation);
  if (distanceM > tileRadius) {
    const inverse: f32 = 1 / distanceM;
    const sinSpread = tileRadius * inverse;
    const cosSpread = sqrt<f32>(1 - sinSpread * sinSpread);
    const east = f32x4.mul(v128.load(record, BATCH_EAST), f32x4.splat(eastM * inverse));
    const north = f32x4.mul(v128.load(record, BATCH_NORTH), f32x4.splat(northM * inverse));
    const cosine = f32x4.add(east, north);
    const sine = f32x4.sqrt(f32x4.pmax(zero, f32x4.sub(f32x4.splat(1), f32x4.mul(cosine, cosine))));
    const along = f32x4.mul(cosine, f32x4.splat(cosSpread));
    const across = f32x4.mul(sine, f32x4.splat(sinSpread));
    const width = v128.load(record, BATCH_HORIZONTAL);
    const nearer = f32x4.mul(arccos(numbers, f32x4.add(along, across)), width);
    let farther = arccos(numbers, f32x4.sub(along, across));
    farther = v128.bitselect(v128.load(numbers, N_PI), farther, f32x4.le(cosine, f32x4.splat(-cosSpread)));
    farther = f32x4.mul(farther, width);
    const ahead = f32x4.ge(cosine, f32x4.splat(cosSpread));
    attenuationMin = f32x4.add(attenuationMin, v128.andnot(f32x4.mul(nearer, nearer), ahead));
    attenuationMax = f32x4.add(attenuationMax, f32x4.mul(farther, farther));
  } else attenuationMax = most4;
  const slack = f32x4.splat(BOUND_SLACK);
  const eirp = v128.load(record, BATCH_EIRP);
  const upper = f32x4.add(f32x4.sub(eirp, f32x4.pmin(attenuationMin, most4)), slack);
  const lower = f32x4.sub(f32x4.sub(eirp, f32x4.pmin(attenuationMax, most4)), slack);
  const lowest = f32x4.sub(lower, f32x4.splat(mostLoss));
  const limit = f32x4.splat(threshold);
  v128.store(to, f32x4.sub(upper, f32x4.splat(leastLoss)), BOUND_UPPER);
  v128.store(to, lowest, BOUND_LOWER);
  v128.store(to, f32x4.sub(lower, limit), BOUND_SURE);
  v128.store(to, f32x4.sub(upper, limit), BOUND_FAIL);
  return max(
    max(f32x4.extract_lane(lowest, 0), f32x4.extract_lane(lowest, 1)),
    max(f32x4.extract_lane(lowest, 2), f32x4.extract_lane(lowest, 3)),
  );
}

/**
 * Bounds the listed candidates, and drops those from the list that neither serve anywhere in the tile nor are above `floor`. Levels not
 * above what this returns are the best of no cell: `floor`, or more where a candidate is sure to be heard better everywhere.
 */
function boundAll(count: i32, floor: f32): f32 {
  kept = 0;
  for (let c = 0; c < count; c++) {
    const batch = load<u32>(candidates + (<usize>c << 2));
    const record = records + <usize>batch * BATCH_SIZE;
    boundLoss(record);
    const greatest = load<f32>(record, BATCH_STRONGEST) - leastLoss + BOUND_SLACK;
    if (greatest < floor && greatest < threshold) continue;
    store<u32>(candidates + (<usize>kept << 2), batch);
    const to = bounds + <usize>kept * BOUND_SIZE;
    kept++;
    const lowest = load<f32>(record, BATCH_FAINTEST) - mostLoss - maxAttenuation - BOUND_SLACK;
    if (greatest < floor && lowest >= threshold) {
      // All sectors serve everywhere and none is the best: the antennas need not be looked at.
      const eirp = v128.load(record, BATCH_EIRP);
      const used = f32x4.gt(eirp, f32x4.splat(-1e5));
      v128.store(to, f32x4.splat(NO_LEVEL), BOUND_UPPER);
      v128.store(to, v128.bitselect(f32x4.splat(lowest), f32x4.splat(NO_LEVEL), used), BOUND_LOWER);
      continue;
    }
    const heard = boundSectors(record, to);
    if (heard > floor) {
      floor = heard;
      loudest = batch;
    }
  }
  return floor;
}

/** Equal levels go to the transmitter of lower rank: the lanes of `equal` in which `id` beats the best so far. */
function firstOfEqual(equal: v128, id: i32, best: v128): v128 {
  const ranks = at(model + MODEL_RANK);
  const own = load<i32>(ranks + (<usize>id << 2));
  let wins = i32x4.splat(0);
  const other0 = i32x4.extract_lane(best, 0);
  const other1 = i32x4.extract_lane(best, 1);
  const other2 = i32x4.extract_lane(best, 2);
  const other3 = i32x4.extract_lane(best, 3);
  if (other0 >= 0 && own < load<i32>(ranks + (<usize>other0 << 2))) wins = i32x4.replace_lane(wins, 0, -1);
  if (other1 >= 0 && own < load<i32>(ranks + (<usize>other1 << 2))) wins = i32x4.replace_lane(wins, 1, -1);
  if (other2 >= 0 && own < load<i32>(ranks + (<usize>other2 << 2))) wins = i32x4.replace_lane(wins, 2, -1);
  if (other3 >= 0 && own < load<i32>(ranks + (<usize>other3 << 2))) wins = i32x4.replace_lane(wins, 3, -1);
  return v128.and(wins, equal);
}

/** Reckons the sectors of a batch that `sectors` has a bit for, in every cell of the tile, and adds them to the tile or takes them away. */
@inline function evaluate(record: usize, bound: usize, sectors: i32, adding: bool): void {
  // Globals are read anew at every use: not in here.
  const numbers = scratch;
  const bytes = tileBytes;
  const xs = cellX;
  const ys = cellY;
  const covers = cellCover;
  const sx = f32x4.splat(<f32>(load<f64>(record, BATCH_X) - tileX));
  const sy = f32x4.splat(<f32>(load<f64>(record, BATCH_Y) - tileY));
  const reach2 = v128.load_splat<f32>(record, BATCH_REACH_SQUARED);
  const rise = load<f32>(record, BATCH_RISE);
  const steepness = f32x4.splat(abs(rise));
  const upward = rise < 0;
  const table = at(record + BATCH_LOSS) - (<usize>FIRST_NODE << 3);
  const limit = f32x4.splat(threshold);
  const lobe = f32x4.splat(sideLobe);
  const most = f32x4.splat(maxAttenuation);
  for (let k: usize = 0; k < bytes; k += 16) {
    const dx = f32x4.sub(v128.load(xs + k), sx);
    const dy = f32x4.sub(v128.load(ys + k), sy);
    const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
    const inReach = f32x4.le(squared, reach2);
    if (!v128.any_true(inReach)) continue;
    // The exponent and the upper bits of the mantissa choose the node, the others interpolate.
    const bits = f32x4.pmin(reach2, f32x4.pmax(v128.load(numbers, N_MIN_SQUARED), squared));
    const places = i32x4.add(v128.and(i32x4.shr_u(bits, NODE_SHIFT - 3), v128.load(numbers, N_NODE_PLACE)), v128.load(covers + k));
    let first = v128.load64_zero(table + <usize>i32x4.extract_lane(places, 0));
    first = v128.load64_lane(table + <usize>i32x4.extract_lane(places, 1), first, 1);
    let second = v128.load64_zero(table + <usize>i32x4.extract_lane(places, 2));
    second = v128.load64_lane(table + <usize>i32x4.extract_lane(places, 3), second, 1);
    const step = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
    const fraction = f32x4.convert_i32x4_s(v128.and(bits, v128.load(numbers, N_FRACTION)));
    let loss = f32x4.add(v128.shuffle<f32>(first, second, 0, 2, 4, 6), f32x4.mul(fraction, step));
    loss = f32x4.pmax(loss, v128.andnot(v128.load(numbers, N_NO_LOSS), inReach));

    let level = v128.load(numbers + k);
    let count = v128.load(numbers + k, S_CELLS);
    let served = v128.load(numbers + k, S_SERVED);
    // What the loss alone decides, whatever the antenna does within its bounds.
    let left = sectors;
    let doubtful = 0;
    while (left) {
      const lane = ctz(left);
      left &= left - 1;
      const sector = bound + (<usize>lane << 2);
      const fail = v128.load_splat<f32>(sector, BOUND_FAIL);
      const sure = f32x4.le(loss, v128.load_splat<f32>(sector, BOUND_SURE));
      let open = v128.xor(sure, f32x4.le(loss, fail));
      if (adding) open = v128.or(open, f32x4.ge(f32x4.add(f32x4.sub(fail, loss), limit), level));
      if (v128.any_true(open)) {
        doubtful |= 1 << lane;
        continue;
      }
      served = v128.or(served, sure);
      count = adding ? i32x4.sub(count, sure) : i32x4.add(count, sure);
    }
    if (!doubtful) {
      v128.store(numbers + k, count, S_CELLS);
      v128.store(numbers + k, served, S_SERVED);
      continue;
    }

    // At the mast's foot the direction is still the true one; in its very middle there is none.
    const inverse = f32x4.div(v128.load(numbers, N_ONE), f32x4.sqrt(f32x4.pmax(v128.load(numbers, N_TINY), squared)));
    const ux = f32x4.mul(dx, inverse);
    const uy = f32x4.mul(dy, inverse);
    let depression = arctan(numbers, f32x4.mul(steepness, f32x4.pmin(v128.load(numbers, N_TENTH), inverse)));
    if (upward) depression = f32x4.neg(depression);
    let best = v128.load(numbers + k, S_BEST);
    while (doubtful) {
      const sector = record + (<usize>ctz(doubtful) << 2);
      doubtful &= doubtful - 1;
      const cosine = f32x4.add(
        f32x4.mul(ux, v128.load_splat<f32>(sector, BATCH_EAST)),
        f32x4.mul(uy, v128.load_splat<f32>(sector, BATCH_NORTH)),
      );
      const across = f32x4.mul(arccos(numbers, cosine), v128.load_splat<f32>(sector, BATCH_HORIZONTAL));
      const down = f32x4.sub(
        f32x4.mul(depression, v128.load_splat<f32>(sector, BATCH_VERTICAL)),
        v128.load_splat<f32>(sector, BATCH_TILT),
      );
      const attenuation = f32x4.pmin(
        most,
        f32x4.add(f32x4.mul(across, across), f32x4.pmin(lobe, f32x4.mul(down, down))),
      );
      const found = f32x4.sub(f32x4.sub(v128.load_splat<f32>(sector, BATCH_EIRP), loss), attenuation);
      const serves = f32x4.ge(found, limit);
      served = v128.or(served, serves);
      if (adding) {
        count = i32x4.sub(count, serves);
        let better = f32x4.gt(found, level);
        const equal = f32x4.eq(found, level);
        const id = load<i32>(sector, BATCH_ID);
        if (v128.any_true(equal)) better = v128.or(better, firstOfEqual(equal, id, best));
        level = f32x4.pmax(level, found);
        best = v128.bitselect(i32x4.splat(id), best, better);
      } else count = i32x4.add(count, serves);
    }
    v128.store(numbers + k, count, S_CELLS);
    v128.store(numbers + k, served, S_SERVED);
    if (adding) {
      v128.store(numbers + k, level);
      v128.store(numbers + k, best, S_BEST);
    }
  }
}

function evaluateAdded(record: usize, bound: usize, sectors: i32): void { evaluate(record, bound, sectors, true); }
function evaluateRemoved(record: usize, bound: usize, sectors: i32): void { evaluate(record, bound, sectors, false); }

/** Counts a site where its marks are, and clears them. */
function countMarked(site: i32, adding: bool): void {
  const id = i32x4.splat(site);
  for (let k: usize = 0; k < tileBytes; k += 16) {
    const served = v128.load(scratch + k, S_SERVED);
    const sites = v128.load(scratch + k, S_SITES);
    v128.store(scratch + k, adding ? i32x4.sub(sites, served) : i32x4.add(sites, served), S_SITES);
    v128.store(scratch + k, v128.xor(v128.load(scratch + k, S_XOR), v128.and(served, id)), S_XOR);
    v128.store(scratch + k, i32x4.splat(0), S_SERVED);
  }
}

/** The site in hand serves: every cell of the tile, or where its marks are. */
function countSite(site: i32, every: bool, marked: bool, adding: bool): void {
  if (every) {
    everySites += adding ? 1 : -1;
    everyXor ^= site;
    if (marked) memory.fill(scratch + S_SERVED, 0, tileBytes);
  } else if (marked) countMarked(site, adding);
}

/**
 * Goes through the candidates, whose bounds are known. What cannot be above `floor` is the best of no cell; a sector that serves in
 * every cell or in none, and is the best of none, need not be reckoned cell by cell.
 */
function process(count: i32, floor: f32, adding: bool): void {
  const limit = f32x4.splat(threshold);
  let floor4 = f32x4.splat(floor);
  let site = 0;
  let every = false;
  let marked = false;
  let mayRise = false;
  // The site that is likely the best comes first: what is not heard better than it need not be reckoned cell by cell.
  const first = adding ? firstOfLoudest(count) : 0;
  for (let i = 0; i < count; i++) {
    const c = i + first < count ? i + first : i + first - count;
    const record = records + <usize>load<u32>(candidates + (<usize>c << 2)) * BATCH_SIZE;
    const bound = bounds + <usize>c * BOUND_SIZE;
    const upper = v128.load(bound, BOUND_UPPER);
    const serves = f32x4.ge(v128.load(bound, BOUND_LOWER), limit);
    const doubtful = v128.andnot(f32x4.ge(upper, limit), serves);
    const sectors = i32x4.bitmask(adding ? v128.or(doubtful, f32x4.ge(upper, floor4)) : doubtful);
    const sure = i32x4.bitmask(serves) & ~sectors;
    if (!(sectors | sure)) continue;
    const own = load<i32>(record, BATCH_SITE);
    if (own != site) {
      if (site) {
        countSite(site, every, marked, adding);
        if (mayRise) floor4 = f32x4.splat(max(floor, lowestLevel()));
        mayRise = false;
      }
      site = own;
      every = marked = false;
    }
    if (sure) {
      everyCells += adding ? popcnt(sure) : -popcnt(sure);
      every = true;
    }
    if (sectors) {
      if (adding) {
        if (v128.any_true(f32x4.ge(upper, floor4))) mayRise = true;
        evaluateAdded(record, bound, sectors);
      }
      else evaluateRemoved(record, bound, sectors);
      marked = true;
    }
  }
  if (site) countSite(site, every, marked, adding);
}

/** The place of the first candidate of the loudest batch's site; 0 when it is none of them. */
function firstOfLoudest(count: i32): i32 {
  if (count == 0) return 0;
  let place = count - 1;
  while (place > 0 && load<u32>(candidates + (<usize>place << 2)) != loudest) place--;
  const site = siteOf(place);
  while (place > 0 && siteOf(place - 1) == site) place--;
  return place;
}

@inline function siteOf(place: i32): i32 {
  return load<i32>(records + <usize>load<u32>(candidates + (<usize>place << 2)) * BATCH_SIZE, BATCH_SITE);
}

function clearTile(): void {
  const none = f32x4.splat(below);
  for (let k: usize = 0; k < tileBytes; k += 16) {
    v128.store(scratch + k, none);
    v128.store(scratch + k, i32x4.splat(-1), S_BEST);
    v128.store(scratch + k, i32x4.splat(0), S_CELLS);
    v128.store(scratch + k, i32x4.splat(0), S_SITES);
    v128.store(scratch + k, i32x4.splat(0), S_XOR);
    v128.store(scratch + k, i32x4.splat(0), S_SERVED);
  }
  endTile();
}

/** Places beyond the tile's end hold what wins and loses nothing. */
function endTile(): void {
  for (let k = tileCells << 2; k < tileBytes; k += 4) {
    store<f32>(scratch + k, Infinity);
    store<i32>(scratch + k, -1, S_BEST);
  }
  everyCells = everySites = everyXor = 0;
}

/** Writes the tile in hand where the layer keeps it. */
function writeTile(layer: usize): void {
  const cells = i32x4.splat(everyCells);
  const sites = i32x4.splat(everySites);
  const xor = i32x4.splat(everyXor);
  const nothing = f32x4.splat(-Infinity);
  const narrowSites = scratch + S_NARROW + LANES / 2;
  for (let k: usize = 0; k < tileBytes; k += 16) {
    const best = v128.load(scratch + k, S_BEST);
    v128.store(scratch + k, v128.bitselect(nothing, v128.load(scratch + k), i32x4.shr_s(best, 31)));
    v128.store(scratch + k, v128.xor(v128.load(scratch + k, S_XOR), xor), S_XOR);
    const c = i32x4.add(v128.load(scratch + k, S_CELLS), cells);
    const s = i32x4.add(v128.load(scratch + k, S_SITES), sites);
    v128.store64_lane(scratch + (k >> 1), i16x8.narrow_i32x4_u(c, c), 0, S_NARROW);
    v128.store64_lane(narrowSites + (k >> 1), i16x8.narrow_i32x4_u(s, s), 0);
  }
  const words = tileCells << 2;
  memory.copy(at(layer + LAYER_LEVEL) + (tileFrom << 2), scratch, words);
  memory.copy(at(layer + LAYER_BEST) + (tileFrom << 2), scratch + S_BEST, words);
  memory.copy(at(layer + LAYER_XOR) + (tileFrom << 2), scratch + S_XOR, words);
  memory.copy(at(layer + LAYER_CELLS) + (tileFrom << 1), scratch + S_NARROW, words >> 1);
  memory.copy(at(layer + LAYER_SITES) + (tileFrom << 1), narrowSites, words >> 1);
}

/** Reads the tile in hand back. */
function readTile(layer: usize): void {
  const words = tileCells << 2;
  const levels = at(layer + LAYER_LEVEL) + (tileFrom << 2);
  const none = f32x4.splat(below);
  memory.copy(scratch, levels, words);
  memory.copy(scratch + S_BEST, at(layer + LAYER_BEST) + (tileFrom << 2), words);
  memory.copy(scratch + S_XOR, at(layer + LAYER_XOR) + (tileFrom << 2), words);
  const cells = at(layer + LAYER_CELLS) + (tileFrom << 1);
  const sites = at(layer + LAYER_SITES) + (tileFrom << 1);
  for (let k: usize = 0; k < tileBytes; k += 16) {
    v128.store(scratch + k, f32x4.pmax(none, v128.load(scratch + k)));
    v128.store(scratch + k, v128.load16x4_u(cells + (k >> 1)), S_CELLS);
    v128.store(scratch + k, v128.load16x4_u(sites + (k >> 1)), S_SITES);
    v128.store(scratch + k, i32x4.splat(0), S_SERVED);
  }
  endTile();
}

function reckonTile(layer: usize): void {
  clearTile();
  let floor = load<f32>(layer, LAYER_WEAKEST);
  if (loudest < load<u32>(layer, LAYER_BATCHES)) floor = max(floor, heardOf(layer, loudest));
  floor = boundAll(gather(layer), floor);
  process(kept, floor, true);
  writeTile(layer);
}

/** What a batch is heard with everywhere in the tile, if it is in the list at all. */
function heardOf(layer: usize, batch: u32): f32 {
  if (load<f32>(at(layer + LAYER_BATCH_X) + (<usize>batch << 2)) > NOWHERE) return NO_LEVEL;
  const record = records + <usize>batch * BATCH_SIZE;
  boundLoss(record);
  return boundSectors(record, bounds);
}

/** Reckons tiles `from` to `to` (exclusive) of the layers `firstLayer` to `endLayer` (exclusive). */
export function reckon(from: i32, to: i32, firstLayer: i32, endLayer: i32): void {
  const layers = at(model + MODEL_LAYERS);
  // Layer by layer: the loss tables of one stay in the cache from tile to tile.
  for (let l = firstLayer; l < endLayer; l++) {
    const layer = layers + <usize>l * LAYER_SIZE;
    takeLayer(layer);
    loudest = 0;
    for (let tile = from; tile < to; tile++) {
      takeTile(<usize>tile);
      reckonTile(layer);
    }
  }
}

/** Lists which of some batches reach the tile in hand; how many. */
function nearby(first: i32, end: i32): i32 {
  let count = 0;
  for (let b = first; b < end; b++) {
    const record = records + <usize>b * BATCH_SIZE;
    const dx = <f32>(tileX - load<f64>(record, BATCH_X));
    const dy = <f32>(tileY - load<f64>(record, BATCH_Y));
    const reach = sqrt<f32>(load<f32>(record, BATCH_REACH_SQUARED)) + tileRadius;
    if (dx * dx + dy * dy > reach * reach) continue;
    store<u32>(candidates + (<usize>count << 2), b);
    count++;
  }
  return count;
}

/** Adds batches `first` to `end` (exclusive), all of one site, to the listed tiles of a layer; they are in its list already. */
export function add(layer: usize, first: i32, end: i32, tiles: usize, tileCount: i32): void {
  takeLayer(layer);
  for (let t = 0; t < tileCount; t++) {
    takeTile(<usize>load<u32>(tiles + (<usize>t << 2)));
    const count = nearby(first, end);
    readTile(layer);
    const floor = boundAll(count, max(lowestLevel(), load<f32>(layer, LAYER_WEAKEST)));
    if (!kept) continue;
    saveTile(layer);
    process(kept, floor, true);
    writeTile(layer);
  }
}

function lowestLevel(): f32 {
  let lowest = v128.load(scratch);
  for (let k: usize = 16; k < tileBytes; k += 16) lowest = f32x4.pmin(lowest, v128.load(scratch + k));
  return min(
    min(f32x4.extract_lane(lowest, 0), f32x4.extract_lane(lowest, 1)),
    min(f32x4.extract_lane(lowest, 2), f32x4.extract_lane(lowest, 3)),
  );
}

/**
 * Takes batches `first` to `end` (exclusive), all of one site, away from the listed tiles of a layer; they are out of its list
 * already. Their transmitters are those from `firstId` to `endId` (exclusive): where one of them is the best the tile is reckoned anew.
 */
export function remove(
  layer: usize, first: i32, end: i32, firstId: i32, endId: i32, tiles: usize, tileCount: i32,
): void {
  takeLayer(layer);
  const from = i32x4.splat(firstId);
  const to = i32x4.splat(endId);
  for (let t = 0; t < tileCount; t++) {
    takeTile(<usize>load<u32>(tiles + (<usize>t << 2)));
    readTile(layer);
    let own = i32x4.splat(0);
    for (let k: usize = 0; k < tileBytes; k += 16) {
      const best = v128.load(scratch + k, S_BEST);
      own = v128.or(own, v128.and(i32x4.ge_s(best, from), i32x4.lt_s(best, to)));
    }
    if (v128.any_true(own)) {
      saveTile(layer);
      reckonTile(layer);
      continue;
    }
    const count = nearby(first, end);
    boundAll(count, Infinity);
    if (!kept) continue;
    saveTile(layer);
    process(kept, Infinity, false);
    writeTile(layer);
  }
}
