/**
 * `npm run simulate -- --clusters 3500 --credentials clusters.json`: many clusters in one process, over MQTT and HTTP only.
 * Forked by another program it sends `{type: 'ready', connected}` once all are connected, and ends with its parent.
 */
import { readCredentials } from './credentials.js';
import {
  COMMON_OPTIONS,
  countOf,
  mqttVersionOf,
  readArguments,
  runProgram,
  urlOf,
  UsageError,
} from './settings.js';
import { Simulation, type SimulationState } from './simulation.js';

const USAGE = `Usage: npm run simulate -- --credentials FILE [options]
  --credentials FILE   JSON array of {id, secret}, or CSV with the columns id and secret
  --clusters N         only the first N of them
  --server URL         of the media (http://127.0.0.1:3000)
  --mqtt URL           of the broker (mqtt://127.0.0.1:1883)
  --mqtt-version V     3.1.1 (default) or 5
  --state FOLDER       a folder in it for each cluster (./data/simulator)
  --rate N             connections begun per second (200)
  --fetches N          downloads at once (32)
  --cache-mb N         room for media of each cluster (200)
`;
const LOOK_MS = 200;
const PROGRESS_MS = 1_000;
const STOP_WITHIN_MS = 15_000;

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2), {
    ...COMMON_OPTIONS,
    credentials: { type: 'string' },
    clusters: { type: 'string' },
    rate: { type: 'string', default: '200' },
    fetches: { type: 'string', default: '32' },
    'cache-mb': { type: 'string', default: '200' },
  });
  if (given.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (given.credentials === undefined) throw new UsageError('--credentials is needed (see --help)');
  const all = readCredentials(given.credentials);
  const wanted = given.clusters === undefined ? all.length : countOf(given.clusters, 'clusters');
  if (wanted > all.length) {
    throw new UsageError(`${given.credentials} has ${all.length} clusters, --clusters asks for ${wanted}`);
  }
  const simulation = new Simulation({
    serverUrl: urlOf(given.server, ['http:', 'https:'], 'server'),
    mqttUrl: urlOf(given.mqtt, ['mqtt:', 'mqtts:'], 'mqtt'),
    mqttVersion: mqttVersionOf(given['mqtt-version']),
    stateFolder: given.state ?? './data/simulator',
    credentials: all.slice(0, wanted),
    ratePerS: countOf(given.rate, 'rate'),
    fetches: countOf(given.fetches, 'fetches'),
    cacheBytes: countOf(given['cache-mb'], 'cache-mb') * 1_000_000,
  });
  stopOnSignal(simulation);
  showProgress(simulation);
  await simulation.start();
}

/** Ctrl-C, a service manager, or the end of the program that forked this one. */
function stopOnSignal(simulation: Simulation): void {
  let stopping = false;
  const stop = (): void => {
    // Ctrl-C reaches parent and child, and then the parent's end the child once more.
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void simulation.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.once('disconnect', stop);
}

function showProgress(simulation: Simulation): void {
  let ready = false;
  let shown = '';
  let shownMs = 0;
  setInterval(() => {
    const state = simulation.state();
    if (!ready && state.connected === state.clusters) {
      ready = true;
      process.send?.({ type: 'ready', connected: state.connected });
    }
    const line = progressLine(state);
    if (line === shown || Date.now() - shownMs < PROGRESS_MS) return;
    shown = line;
    shownMs = Date.now();
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }, LOOK_MS);
}

function progressLine({
  clusters,
  connected,
  playing,
  problems,
  lastProblem,
  records,
}: SimulationState): string {
  const heard = Object.entries(records).map(([kind, count]) => `${kind} ${count}`);
  const parts = [`connected ${connected}/${clusters}`, `playing ${playing}`, ...heard];
  if (problems > 0) parts.push(`problems ${problems}, last: ${lastProblem}`);
  return parts.join(' · ');
}

await runProgram(main);
