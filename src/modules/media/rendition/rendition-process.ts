import { open } from 'node:fs/promises';
import path from 'node:path';
import { createMp3Encoder } from 'wasm-media-encoders';
import { decodedPieces, kindOfFile } from '../audio-decoding.js';
import { LoudnessMeter } from '../domain/sound/loudness.js';
import { TruePeakMeter } from '../domain/sound/true-peak.js';
import { serveTask, type TaskLimits } from '../process/task-process.js';
import { Mix, RATE_HZ } from './mix.js';
import type { RenditionReport, RenditionTask } from './rendition-task.js';

/** The process that makes one rendition and ends: all that takes long is here. */

/** Speech at this rate is not told from the original on a horn; a minute is 480 kB. */
const BITRATE_KBPS = 64;
/** A little below −1 dBTP, since most sounds then stay below the line that follows in one go. */
const CEILING_DBTP = -1.5;
/** Encoding brings peaks of its own: what rises above this once decoded is encoded again under a lower ceiling. */
const HIGHEST_DECODED_DBTP = -0.6;
const ROUNDS = 4;
const CLOSE_ENOUGH_LU = 0.2;

async function render(task: RenditionTask & TaskLimits): Promise<RenditionReport> {
  const mix = await Mix.of(task, path.join(task.workFolder, 'mix.f32'));
  if (!(mix instanceof Mix)) return mix;
  try {
    const gainDb = await gainFor(mix, task.targetLufs);
    let ceilingDbtp = CEILING_DBTP;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await encode(mix.limited(gainDb, ceilingDbtp), task.toPath);
      const peakDbtp = await decodedPeak(task.toPath);
      if (peakDbtp === null) return { kind: 'silent' };
      if (peakDbtp <= HIGHEST_DECODED_DBTP) break;
      ceilingDbtp -= peakDbtp - HIGHEST_DECODED_DBTP + 0.1;
    }
    return { kind: 'rendered' };
  } finally {
    await mix.close();
  }
}

/** The gain over the items' own at which the limited whole is as loud as wanted. */
async function gainFor(mix: Mix, targetLufs: number): Promise<number> {
  let gainDb = 0;
  for (let round = 1; round < ROUNDS; round += 1) {
    const meter = new LoudnessMeter(RATE_HZ);
    for await (const samples of mix.limited(gainDb, CEILING_DBTP)) meter.add([samples]);
    const lufs = meter.integratedLufs();
    if (lufs === null || Math.abs(targetLufs - lufs) < CLOSE_ENOUGH_LU) break;
    gainDb += targetLufs - lufs;
  }
  return gainDb;
}

/** Constant bitrate and one channel: the same samples are the same bytes. */
async function encode(sound: AsyncIterable<Float32Array>, toPath: string): Promise<void> {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: RATE_HZ, channels: 1, bitrate: BITRATE_KBPS, outputSampleRate: RATE_HZ });
  const file = await open(toPath, 'w');
  try {
    // What the encoder gives lies in its own memory and is gone with its next call.
    for await (const samples of sound) await file.writeFile(encoder.encode([samples]).slice());
    await file.writeFile(encoder.finalize().slice());
  } finally {
    await file.close();
  }
}

/** What a player will make of the file. @throws when it cannot be decoded */
async function decodedPeak(file: string): Promise<number | null> {
  const found = await kindOfFile(file);
  if (!found) throw new Error('what was encoded is no audio');
  const meter = new TruePeakMeter();
  for await (const { channels } of decodedPieces(file, found.kind)) meter.add(channels[0]!);
  return meter.finish();
}

serveTask(import.meta.url, render);
