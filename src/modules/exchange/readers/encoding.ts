import fs from 'node:fs';
import chardet from 'chardet';
import iconv from 'iconv-lite';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1258' | 'windows-1252';

const SAMPLE_BYTES = 256 * 1024;

/**
 * The encoding of a text file. A byte order mark or right UTF-8 decide; a single-byte file is Windows-1258, the
 * Vietnamese one, as soon as its combining tone marks stand behind vowels, and Windows-1252 otherwise.
 */
export async function detectEncoding(file: string): Promise<Encoding> {
  const sample = await head(file, SAMPLE_BYTES);
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  const half = nulHalf(sample);
  if (half) return half;
  if (await isUtf8(file)) return 'utf-8';
  const bytes = await nonAscii(file, SAMPLE_BYTES);
  if (looksVietnamese(iconv.decode(bytes, 'windows-1258', { stripBOM: false }))) return 'windows-1258';
  const guess = chardet.detect(bytes);
  if (guess === 'UTF-16LE') return 'utf-16le';
  return guess === 'UTF-16BE' ? 'utf-16be' : 'windows-1252';
}

/** Latin text in UTF-16 has a NUL in one half of nearly every pair. */
function nulHalf(sample: Buffer): Encoding | undefined {
  const pairs = Math.floor(Math.min(sample.length, 4_000) / 2);
  if (pairs < 8) return undefined;
  let [even, odd] = [0, 0];
  for (let i = 0; i < pairs * 2; i += 2) {
    if (sample[i] === 0) even += 1;
    if (sample[i + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.5 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.5 && odd < pairs * 0.05) return 'utf-16be';
  return undefined;
}

async function isUtf8(file: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of fs.createReadStream(file)) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}

/** The first part of the file that holds a letter beyond ASCII: a heading without diacritics says nothing. */
async function nonAscii(file: string, bytes: number): Promise<Buffer> {
  for await (const chunk of fs.createReadStream(file, { highWaterMark: bytes })) {
    const part = chunk as Buffer;
    if (part.some((byte) => byte > 0x7f)) return part;
  }
  return Buffer.alloc(0);
}

/** Grave, hook above, tilde, acute, dot below: the five tones, written behind their vowel. */
const TONE = /[\u0300\u0309\u0303\u0301\u0323]/gu;
const TONED_VOWEL = /[aăâeêioôơuưy][\u0300\u0309\u0303\u0301\u0323]/giu;
const OWN_LETTERS = /[đĐơƠưƯăĂ]/gu;

function looksVietnamese(text: string): boolean {
  const tones = text.match(TONE)?.length ?? 0;
  const right = text.match(TONED_VOWEL)?.length ?? 0;
  if (tones > 0) return right >= tones * 0.9;
  return OWN_LETTERS.test(text);
}

async function head(file: string, bytes: number): Promise<Buffer> {
  const handle = await fs.promises.open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
