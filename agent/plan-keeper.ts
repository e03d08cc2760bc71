import {
  buildTopic,
  clusterFilters,
  type DesiredMessage,
  type ReportedMessage,
} from '../src/contract/index.js';
import { itemFromPlan } from './player/item.js';
import type { PlayEngine } from './player/engine.js';
import type { Prefetcher } from './prefetcher.js';
import type { KeyRing } from './key-ring.js';
import type { AgentStore } from './store/agent-store.js';

export interface PlanKeeperOptions {
  clusterId: string;
  store: AgentStore;
  engine: PlayEngine;
  prefetcher: Prefetcher;
  keys: KeyRing;
  setFilters(filters: string[]): void;
  confirmed(): void;
  /** Something to report, also when a document was ignored (rule 2). */
  changed(): void;
}

/** The wanted state: kept on disk, applied if newer, reported in any case (rules 1 and 2). */
export class PlanKeeper {
  readonly #options: PlanKeeperOptions;
  #error: ReportedMessage['error'] = null;

  constructor(options: PlanKeeperOptions) {
    this.#options = options;
  }

  get appliedVersion(): number {
    return this.#options.store.desired?.version ?? 0;
  }

  /** What kept the last document from being applied. */
  get error(): ReportedMessage['error'] {
    return this.#error;
  }

  receive(desired: DesiredMessage): void {
    const { store } = this.#options;
    const { logWatermark, version } = desired;
    if (logWatermark !== null && store.journal.acknowledge(logWatermark)) this.#options.confirmed();
    if (version > this.appliedVersion) this.#apply(desired);
    this.#options.changed();
  }

  /** A document that could not even be read. */
  unreadable(version: number | null, reason: string): void {
    this.#error = { version, code: 'INVALID', reason };
    this.#options.changed();
  }

  /** Acts by the document that is held: at the start, and after each new one. */
  activate(): void {
    const { clusterId, engine, keys, prefetcher, store } = this.#options;
    const { desired } = store;
    this.#options.setFilters(clusterFilters(clusterId, desired?.config.areaChain ?? []));
    if (desired === undefined) return;
    const topic = buildTopic({ kind: 'desired', clusterId });
    const plan = desired.plan.filter((item) => {
      if (item.class === 'EMERGENCY' && keys.objection(topic, item) !== undefined) return false;
      if (store.journal.outcomeOf(item.playId) !== undefined) return false;
      return !store.stoppedSince(item, desired.at, 'NAMED');
    });
    engine.replacePlan(plan.map(itemFromPlan));
    engine.configured();
    prefetcher.want([...desired.media, ...plan.map(({ media }) => media)]);
  }

  #apply(desired: DesiredMessage): void {
    const { store } = this.#options;
    const { version, config } = desired;
    try {
      new Intl.DateTimeFormat('en', { timeZone: config.timeZone });
    } catch {
      this.#error = { version, code: 'UNSUPPORTED', reason: `unknown time zone ${config.timeZone}` };
      return;
    }
    try {
      store.applyDesired(desired);
    } catch (error) {
      this.#error = { version, code: 'STORAGE', reason: (error as Error).message.slice(0, 300) };
      return;
    }
    this.#error = null;
    this.#options.keys.learn(desired);
    if (store.settings.volumePercent !== null) store.saveSettings({ volumePercent: null });
    this.activate();
  }
}
