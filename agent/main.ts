/**
 * `npm run agent -- --id 31318-01 --state ./data/agent`: one loudspeaker cluster, with the secret in AGENT_SECRET (or --secret,
 * which other users of the machine can see). Ctrl-C stops it.
 */
import { pino } from 'pino';
import { isClusterId } from '../src/contract/index.js';
import { Agent } from './agent.js';
import { SystemClock } from './clock.js';
import { readKeys } from './credentials.js';
import { Limiter } from './limiter.js';
import { createSink, SINK_NAMES } from './player/create-sink.js';
import {
  COMMON_OPTIONS,
  countOf,
  mqttVersionOf,
  readArguments,
  runProgram,
  urlOf,
  UsageError,
} from './settings.js';

const USAGE = `Usage: npm run agent -- --id CLUSTER [options], secret in AGENT_SECRET
  --server URL         of the media (http://127.0.0.1:3000)
  --mqtt URL           of the broker (mqtt://127.0.0.1:1883)
  --mqtt-version V     3.1.1 (default) or 5
  --id CLUSTER         code of the cluster
  --secret TEXT        instead of AGENT_SECRET
  --state FOLDER       journal, plan and media (./data/agent/CLUSTER)
  --keys FILE          JSON array of the public keys (as in the document) whose emergencies are believed
  --sink NAME          ${SINK_NAMES.join(', ')} (null)
  --clock STATE        synced (default: the system keeps the time) or unsynced
  --cache-mb N         room for media (2000)
`;

function main(): void {
  const given = readArguments(process.argv.slice(2), {
    ...COMMON_OPTIONS,
    id: { type: 'string' },
    secret: { type: 'string' },
    keys: { type: 'string' },
    sink: { type: 'string', default: 'null' },
    clock: { type: 'string', default: 'synced' },
    'cache-mb': { type: 'string', default: '2000' },
  });
  if (given.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { id: clusterId = '' } = given;
  if (!isClusterId(clusterId)) throw new UsageError('--id is needed: 3 to 40 of a-z, 0-9 and -');
  const secret = given.secret ?? process.env['AGENT_SECRET'];
  if (secret === undefined || secret === '') throw new UsageError('AGENT_SECRET (or --secret) is needed');
  const sinkName = SINK_NAMES.find((name) => name === given.sink);
  if (sinkName === undefined) throw new UsageError(`--sink must be one of ${SINK_NAMES.join(', ')}`);
  if (!['synced', 'unsynced'].includes(given.clock))
    throw new UsageError('--clock must be synced or unsynced');
  const stateFolder = given.state ?? `./data/agent/${clusterId}`;
  const clock = new SystemClock({ synced: given.clock === 'synced' });
  const logger = pino({ base: { clusterId } });
  const agent = new Agent({
    clusterId,
    secret,
    serverUrl: urlOf(given.server, ['http:', 'https:'], 'server'),
    mqttUrl: urlOf(given.mqtt, ['mqtt:', 'mqtts:'], 'mqtt'),
    mqttVersion: mqttVersionOf(given['mqtt-version']),
    stateFolder,
    clock,
    ...(given.keys === undefined ? {} : { keys: readKeys(given.keys) }),
    sink: createSink(sinkName, clock, stateFolder),
    fetches: new Limiter(4),
    reads: new Limiter(4),
    cacheBytes: countOf(given['cache-mb'], 'cache-mb') * 1_000_000,
    log: (level, message, fields) => logger[level](fields ?? {}, message),
    observe: ({ kind, playId, reason }) => logger.info({ kind, playId, reason }, 'play'),
  });
  const stop = (): void => {
    void agent.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  agent.start();
  logger.info({ stateFolder, sink: given.sink }, 'started');
}

await runProgram(main);
