import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

const ARRAY_TYPES = {
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigUint64Array,
} as const;
type ArrayTypeName = keyof typeof ARRAY_TYPES;
export type PackedArray = InstanceType<(typeof ARRAY_TYPES)[ArrayTypeName]>;

/** Members that are typed arrays are packed as bytes, all others as JSON. */
interface Header {
  plain: Record<string, unknown>;
  arrays: { name: string; type: ArrayTypeName; length: number }[];
}

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);
/** Arrays begin at multiples of this, so that they can be read in place. */
const ALIGNMENT = 8;
const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * An object of plain members and typed arrays as gzipped bytes: length of the header, header as JSON, then each array's
 * bytes (little-endian, as on every machine Node.js has builds for that matter here). Unlike `v8.serialize` any version
 * of Node.js, and any other language, can read it.
 */
export async function packArrays(value: object): Promise<Buffer> {
  const header: Header = { plain: {}, arrays: [] };
  const parts: PackedArray[] = [];
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    const type = typeNameOf(member);
    if (type === undefined) {
      header.plain[name] = member;
      continue;
    }
    parts.push(member as PackedArray);
    header.arrays.push({ name, type, length: (member as PackedArray).length });
  }
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const start = aligned(4 + text.length);
  const bytes = Buffer.alloc(parts.reduce((sum, part) => sum + aligned(part.byteLength), start));
  bytes.writeUInt32LE(text.length, 0);
  text.copy(bytes, 4);
  let at = start;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += aligned(part.byteLength);
  }
  // The fastest level: levels of signal are close to noise for a compressor.
  return gzipAsync(bytes, { level: constants.Z_BEST_SPEED });
}

/** What `packArrays` packed. The caller names the type: nothing but what this module wrote is ever read. */
export async function unpackArrays<T extends object>(packed: Buffer): Promise<T> {
  const bytes = await gunzipAsync(packed);
  // A copy that begins at an aligned address.
  const buffer = new Uint8Array(bytes).buffer;
  const length = bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Header;
  const value: Record<string, unknown> = { ...header.plain };
  let at = aligned(4 + length);
  for (const { name, type, length: count } of header.arrays) {
    const array = new ARRAY_TYPES[type](buffer, at, count);
    value[name] = array;
    at += aligned(array.byteLength);
  }
  return value as T;
}

/** By tag and not by `instanceof`, which fails for arrays that come from another realm (a worker, a test's sandbox). */
function typeNameOf(value: unknown): ArrayTypeName | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const tag = (value as PackedArray)[Symbol.toStringTag];
  if (!(tag in ARRAY_TYPES)) throw new TypeError(`Arrays of type ${tag} cannot be packed.`);
  return tag;
}
