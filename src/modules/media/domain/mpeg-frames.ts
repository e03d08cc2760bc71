/** kbit/s by bitrate index 1–14 (ISO/IEC 11172-3 and 13818-3, table of `bitrate_index`). */
const RATES_V1: Record<Layer, readonly number[]> = {
  1: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
};
const RATES_V2: Record<Layer, readonly number[]> = {
  1: [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  3: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
/** Hz by sample rate index, MPEG-1; MPEG-2 halves it, MPEG-2.5 quarters it. */
const SAMPLE_RATES_HZ = [44_100, 48_000, 32_000];
type Layer = 1 | 2 | 3;
const HEADER_BYTES = 4;

/**
 * How much of a stream of MPEG audio is frames that follow each other. A decoder resynchronises at whatever looks like a
 * frame, so noise decodes to something too: this tells it apart. Bytes are taken in pieces of any size.
 */
export class MpegFrames {
  /** Bytes of frames that begin where they should and are of the same kind as the first. */
  framedBytes = 0;
  private kind: number | undefined;
  private left: Uint8Array = new Uint8Array(0);
  private skip = 0;

  take(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.left.length + chunk.length);
    bytes.set(this.left);
    bytes.set(chunk, this.left.length);
    let at = Math.min(this.skip, bytes.length);
    this.skip -= at;
    while (at + HEADER_BYTES <= bytes.length) {
      const length = this.frameAt(bytes, at);
      this.framedBytes += length ?? 0;
      at += length ?? 1;
    }
    this.skip += Math.max(0, at - bytes.length);
    this.left = bytes.slice(Math.min(at, bytes.length));
  }

  private frameAt(bytes: Uint8Array, at: number): number | undefined {
    const header = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const length = frameLength(header);
    if (length === undefined) return undefined;
    // Version, layer and sample rate stay the same throughout a stream.
    const kind = header & 0x001e0c00;
    this.kind ??= kind;
    return kind === this.kind ? length : undefined;
  }
}

/** Bytes of the frame with this header, or undefined when it is no header. */
function frameLength(header: number): number | undefined {
  if ((header & 0xffe00000) >>> 0 !== 0xffe00000) return undefined;
  const version = (header >> 19) & 3;
  const layer = 4 - ((header >> 17) & 3);
  const sampleRateHz = SAMPLE_RATES_HZ[(header >> 10) & 3];
  if (version === 1 || layer === 4 || sampleRateHz === undefined) return undefined;
  const rates = (version === 3 ? RATES_V1 : RATES_V2)[layer as Layer];
  const bitsPerS = (rates[((header >> 12) & 15) - 1] ?? 0) * 1000;
  if (bitsPerS === 0) return undefined;
  const hz = sampleRateHz / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const padding = (header >> 9) & 1;
  if (layer === 1) return (Math.floor((12 * bitsPerS) / hz) + padding) * 4;
  const samples = layer === 3 && version !== 3 ? 576 : 1152;
  return Math.floor(((samples / 8) * bitsPerS) / hz) + padding;
}
