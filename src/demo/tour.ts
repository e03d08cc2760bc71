import type { INestApplicationContext } from '@nestjs/common';
import type { Progress } from '../console/progress.js';
import { textTable } from '../console/table.js';
import { isQuiet } from '../contract/index.js';
import { BroadcastReader, BroadcastService, type BroadcastView } from '../modules/broadcasts/index.js';
import { type CoverageRun, CoverageService, type Scenario } from '../modules/coverage/index.js';
import { makeChime, MediaService } from '../modules/media/index.js';
import { DEFAULT_QUIET_HOURS, TIME_ZONE } from '../modules/speakers/index.js';
import { pause } from './pause.js';

const LOOK_EVERY_MS = 200;
/** The two ends of what a person notices; the API has the rest. */
const SHOWN = new Set(['outdoor', 'indoor']);
/** Clusters have this long to play a three-second chime and to say so. */
const ANNOUNCEMENT_WITHIN_MS = 60_000;

/** H3 resolution: whoever starts the demo waits for it. */
const FOR_A_LOOK = 9;

/** The first coverage run, or the newest one there is, as a table by district. */
export async function showCoverage(
  app: INestApplicationContext,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const coverage = app.get(CoverageService);
  const known = await coverage.latestDone();
  const run =
    known ??
    (await coverage.waitFor(
      (await coverage.start('system', { title: 'Vùng phủ sóng của tỉnh mẫu', resolution: FOR_A_LOOK })).id,
      (fraction, note) => progress.doing(`coverage: ${Math.round(fraction * 100)} % ${note}`),
      signal,
    ));
  if (run.state !== 'done') {
    progress.say(`The coverage run ended as ${run.state}: ${run.error?.messageEn ?? 'no reason given'}`);
    return;
  }
  progress.done(`coverage run ${run.id}${known ? ', of an earlier start' : ''}`);
  for (const environment of run.environments.filter((place) => SHOWN.has(place)))
    progress.say(await districtTable(coverage, run, { environment, probability: run.probabilities[0]! }));
  progress.say('');
}

async function districtTable(
  coverage: CoverageService,
  run: CoverageRun,
  scenario: Scenario,
): Promise<string> {
  const rows = await coverage.figuresByDistrict(run.id, scenario);
  const technologies = [...new Set(rows.flatMap((row) => row.technologies.map((t) => t.technology)))];
  const heading =
    `\n  Coverage ${scenario.environment}, ${scenario.probability * 100} % at the cell edge: % of area / % of people ` +
    `(synthetic demo data, H3 resolution ${run.resolution})\n\n`;
  const lines = rows.map((row) => [
    row.areaName,
    ...technologies.map((technology) => {
      const figures = row.technologies.find((t) => t.technology === technology);
      return `${percent(figures?.areaPercent)} / ${percent(figures?.populationPercent)}`;
    }),
  ]);
  return heading + textTable(['', ...technologies], lines);
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? 'unknown' : value.toFixed(1);
}

/** Speaks to every cluster once, and tells from the clusters' own records how that went. */
export async function showAnnouncement(
  app: INestApplicationContext,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const broadcasts = app.get(BroadcastReader);
  const [earlier] = (await broadcasts.list({ limit: 1 })).items;
  const broadcast = earlier ?? (await announce(app, progress));
  const finished = await followed(broadcasts, broadcast.id, progress, signal);
  progress.done(sentence(finished, earlier !== undefined));
}

async function announce(app: INestApplicationContext, progress: Progress): Promise<BroadcastView> {
  const chime = await app
    .get(MediaService)
    .store(makeChime(), { title: 'Chuông thử (chime)', source: 'SYNTHESISED' });
  const quiet = isQuiet(DEFAULT_QUIET_HOURS, TIME_ZONE, Date.now());
  if (quiet)
    progress.say(
      '         It is quiet hours in Hậu Giang: only an EMERGENCY may be heard, so the chime goes out as an EMERGENCY drill (audited).',
    );
  return app.get(BroadcastService).announce(null, {
    title: quiet ? 'Diễn tập: chuông thử toàn tỉnh' : 'Chuông thử toàn tỉnh',
    sha256: chime.sha256,
    target: { all: true },
    class: quiet ? 'EMERGENCY' : 'NORMAL',
    reason: quiet ? 'drill at the first start of the demo, in quiet hours' : null,
  });
}

async function followed(
  broadcasts: BroadcastReader,
  id: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<BroadcastView> {
  const deadline = Date.now() + ANNOUNCEMENT_WITHIN_MS;
  for (;;) {
    const broadcast = await broadcasts.get(id);
    const { total, accepted, started, finished, settled } = broadcast.counts;
    progress.doing(
      `announcement: ${accepted} accepted, ${started} started, ${finished} finished of ${total}`,
    );
    if (settled === total || Date.now() > deadline) return broadcast;
    await pause(LOOK_EVERY_MS, signal);
  }
}

/** By the clusters' clocks, which in the demo are this machine's. */
function sentence({ counts, createdAt, title }: BroadcastView, earlier: boolean): string {
  const since = (at: Date | null) =>
    at ? `${((at.getTime() - createdAt.getTime()) / 1000).toFixed(1)} s` : 'never';
  return (
    `announcement "${title}"${earlier ? ' of an earlier start' : ''}: ${counts.accepted} accepted, ${counts.started} started, ` +
    `${counts.finished} finished of ${counts.total}; first start after ${since(counts.firstStartedAt)}, ` +
    `last end after ${since(counts.lastFinishedAt)} (from the clusters' own records)`
  );
}
