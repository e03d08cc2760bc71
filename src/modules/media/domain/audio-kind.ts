import type { MediaCodec } from '../../../contract/index.js';

/** What the first bytes of a file say it is. `decoder` names the decoder that must then agree. */
export interface AudioKind {
  codec: MediaCodec;
  decoder: 'wav' | 'mp3' | 'flac' | 'opus' | 'aac' | 'm4a';
  contentType: string;
}

const KINDS = {
  wav: { codec: 'wav', decoder: 'wav', contentType: 'audio/wav' },
  mp3: { codec: 'mp3', decoder: 'mp3', contentType: 'audio/mpeg' },
  flac: { codec: 'flac', decoder: 'flac', contentType: 'audio/flac' },
  opus: { codec: 'opus', decoder: 'opus', contentType: 'audio/ogg' },
  aac: { codec: 'aac', decoder: 'aac', contentType: 'audio/aac' },
  m4a: { codec: 'aac', decoder: 'm4a', contentType: 'audio/mp4' },
} as const satisfies Record<string, AudioKind>;

/** How many bytes `audioKindOf` wants to see, behind a tag at the beginning. */
export const KIND_BYTES = 64;

/**
 * The kind of audio by its signature, for the codecs of the cluster protocol alone; undefined for anything else. This is
 * a guess that chooses the decoder: only decoding proves it.
 */
export function audioKindOf(head: Uint8Array): AudioKind | undefined {
  const text = (from: number, length: number) => String.fromCharCode(...head.subarray(from, from + length));
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WAVE') return KINDS.wav;
  if (text(0, 4) === 'fLaC') return KINDS.flac;
  if (text(0, 4) === 'OggS') return text(28, 8) === 'OpusHead' ? KINDS.opus : undefined;
  if (text(4, 4) === 'ftyp') return KINDS.m4a;
  const [first, second] = head;
  if (first !== 0xff || second === undefined || (second & 0xe0) !== 0xe0) return undefined;
  // ISO/IEC 13818-7 ADTS has a sync of 12 bits and layer 0; MPEG audio has another layer there.
  if ((second & 0xf6) === 0xf0) return KINDS.aac;
  return (second & 0x06) === 0 ? undefined : KINDS.mp3;
}

/** Length of an ID3v2 tag at the beginning (id3.org, id3v2.4.0-structure, 3.1), 0 without one. */
export function id3Length(head: Uint8Array): number {
  if (head.length < 10 || head[0] !== 0x49 || head[1] !== 0x44 || head[2] !== 0x33) return 0;
  const sizes = [...head.subarray(6, 10)];
  if (sizes.some((byte) => byte > 0x7f)) return 0;
  const footer = (head[5]! & 0x10) === 0 ? 0 : 10;
  return 10 + sizes.reduce((size, byte) => size * 128 + byte, 0) + footer;
}
