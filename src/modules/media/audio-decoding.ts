import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import decode from 'audio-decode';
import { audioKindOf, id3Length, KIND_BYTES, type AudioKind } from './domain/audio-kind.js';

export interface KindOfFile {
  kind: AudioKind;
  /** Bytes of the file without a tag at its beginning. */
  audioBytes: number;
}
/** A piece of decoded sound: one array of samples of −1…1 per channel. */
export interface DecodedPiece {
  channels: Float32Array[];
  sampleRateHz: number;
}

const CHUNK_BYTES = 64 * 1024;
/** ISO/IEC 14496-14: the sample entry of MPEG-4 audio. Others (ALAC, Opus) are in such files too. */
const AAC_ENTRY = 'mp4a';

/** What a file is by its signature; undefined when that is no audio of the cluster protocol. */
export async function kindOfFile(path: string): Promise<KindOfFile | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = new Uint8Array(KIND_BYTES);
    await file.read(head, 0, KIND_BYTES, 0);
    const tag = id3Length(head);
    if (tag > 0) await file.read(head.fill(0), 0, KIND_BYTES, tag);
    const kind = audioKindOf(head);
    return kind && { kind, audioBytes: Math.max(0, size - tag) };
  } finally {
    await file.close();
  }
}

/**
 * Decodes piece by piece, so that hours of sound need no more memory than seconds. `onChunk` sees the file's own bytes
 * first. Only for processes of their own: decoders are complex and the file may be hostile.
 */
export async function* decodedPieces(
  path: string,
  kind: AudioKind,
  onChunk?: (chunk: Buffer) => void,
): AsyncGenerator<DecodedPiece> {
  const decoder = await decode[kind.decoder]();
  let hasAac = false;
  let tail = '';
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (kind.decoder === 'm4a' && !hasAac) {
      const text = tail + chunk.toString('latin1');
      hasAac = text.includes(AAC_ENTRY);
      tail = text.slice(1 - AAC_ENTRY.length);
    }
    onChunk?.(chunk);
    yield* pieceOf(await decoder(chunk));
  }
  yield* pieceOf(await decoder());
  if (kind.decoder === 'm4a' && !hasAac) throw new Error('no AAC in this container');
}

function* pieceOf(decoded: { channelData: Float32Array[]; sampleRate: number }): Generator<DecodedPiece> {
  const { channelData, sampleRate } = decoded;
  if ((channelData[0]?.length ?? 0) === 0) return;
  if (!(sampleRate > 0)) throw new Error('no sample rate');
  yield { channels: channelData, sampleRateHz: sampleRate };
}
