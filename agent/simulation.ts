import { join } from 'node:path';
import type { LogKind } from '../src/contract/index.js';
import { Agent } from './agent.js';
import { SystemClock } from './clock.js';
import type { Credential } from './credentials.js';
import { Limiter } from './limiter.js';
import { NullSink } from './player/null-sink.js';

export interface SimulationOptions {
  serverUrl: string;
  mqttUrl: string;
  mqttVersion: 4 | 5;
  /** Each cluster has a folder of its own in it. */
  stateFolder: string;
  credentials: readonly Credential[];
  /** Clusters that begin to connect per second. */
  ratePerS: number;
  /** Downloads at once, of all clusters together. */
  fetches: number;
  /** Room for media of each cluster, bytes. */
  cacheBytes: number;
}

export interface SimulationState {
  clusters: number;
  begun: number;
  connected: number;
  playing: number;
  records: Partial<Record<LogKind, number>>;
  problems: number;
  lastProblem: string;
}

const TICK_MS = 50;
const STOP_AT_ONCE = 200;

/** Many agents in one process. Each is a whole agent with its own connection, store and media; they share only limits. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #agents: Agent[] = [];
  readonly #records: SimulationState['records'] = {};
  readonly #clock = new SystemClock();
  readonly #fetches: Limiter;
  readonly #reads = new Limiter(64);
  #problems = 0;
  #lastProblem = '';
  #stopped = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#fetches = new Limiter(options.fetches);
  }

  /** Starts them one after the other; resolves when all have begun to connect. Rejects when a store cannot be opened. */
  async start(): Promise<void> {
    const beganMs = Date.now();
    for (const [index, credential] of this.#options.credentials.entries()) {
      const dueMs = beganMs + (index * 1000) / this.#options.ratePerS;
      while (Date.now() < dueMs) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      if (this.#stopped) return;
      const agent = this.#agent(credential);
      this.#agents.push(agent);
      agent.start();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const limiter = new Limiter(STOP_AT_ONCE);
    await Promise.all(this.#agents.map((agent) => limiter.run(() => agent.stop())));
  }

  state(): SimulationState {
    return {
      clusters: this.#options.credentials.length,
      begun: this.#agents.length,
      connected: this.#agents.filter(({ session }) => session !== undefined).length,
      playing: this.#agents.filter(({ playing }) => playing).length,
      records: { ...this.#records },
      problems: this.#problems,
      lastProblem: this.#lastProblem,
    };
  }

  #agent({ id, secret }: Credential): Agent {
    const { cacheBytes, mqttUrl, mqttVersion, serverUrl, stateFolder } = this.#options;
    return new Agent({
      clusterId: id,
      secret,
      serverUrl,
      mqttUrl,
      mqttVersion,
      stateFolder: join(stateFolder, id),
      clock: this.#clock,
      sink: new NullSink(this.#clock),
      fetches: this.#fetches,
      reads: this.#reads,
      cacheBytes,
      hardware: 'simulated',
      // kill -9 loses nothing without it; a power cut would, and a simulator may.
      fsync: false,
      log: (level, message, fields) => {
        if (level !== 'warn' && level !== 'error') return;
        this.#problems += 1;
        this.#lastProblem = `${id}: ${message} ${JSON.stringify(fields ?? {})}`;
      },
      observe: ({ kind }) => {
        this.#records[kind] = (this.#records[kind] ?? 0) + 1;
      },
    });
  }
}
