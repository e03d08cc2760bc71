import {
  buildTopic,
  mustBeSigned,
  signatureOf,
  type CommandMessage,
  type DesiredMessage,
  type PlanItem,
  type PublicKey,
} from '../src/contract/index.js';
import type { AgentStore } from './store/agent-store.js';

export interface KeyRingOptions {
  clusterId: string;
  store: AgentStore;
  /** Given with the device; believed for ever. */
  provisioned: readonly PublicKey[];
  /** Something came without a valid signature, or (undefined) something with one. */
  alarm(detail: string | undefined): void;
}

/** The keys whose emergencies are believed (rule 11). */
export class KeyRing {
  readonly #options: KeyRingOptions;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  get keys(): PublicKey[] {
    const { provisioned, store } = this.#options;
    const given = new Set(provisioned.map(({ keyId }) => keyId));
    return [...provisioned, ...store.settings.keys.filter(({ keyId }) => !given.has(keyId))];
  }

  /**
   * Takes over the keys of a document: all of them while none is known, later those that are known or that a known one vouches
   * for. A document that would leave none changes nothing: without keys anybody would be obeyed.
   */
  learn({ keys: named }: Pick<DesiredMessage, 'keys'>): void {
    const { clusterId, store } = this.#options;
    const topic = buildTopic({ kind: 'desired', clusterId });
    const believed = this.keys;
    const known = new Set(believed.map(({ publicKey }) => publicKey));
    const kept = named.filter(
      (key) =>
        believed.length === 0 || known.has(key.publicKey) || signatureOf(topic, key, believed) === 'VALID',
    );
    if (kept.length < named.length)
      this.#options.alarm('The document names a key that no known key vouches for');
    if (kept.length === 0 || JSON.stringify(kept) === JSON.stringify(store.settings.keys)) return;
    store.saveSettings({ keys: kept });
  }

  /** Why this may not be obeyed; undefined: it may. Raises the alarm, or ends it. */
  objection(topic: string, message: CommandMessage | PlanItem): 'UNSIGNED' | 'BAD_SIGNATURE' | undefined {
    const { keys } = this;
    if (keys.length === 0) return undefined;
    const verdict = signatureOf(topic, message, keys);
    if (verdict === 'VALID') {
      // A planned play is looked at again and again, and says nothing new.
      if ('type' in message) this.#options.alarm(undefined);
      return undefined;
    }
    if (verdict === 'UNSIGNED' && !mustBeSigned(message)) return undefined;
    const what = 'type' in message ? `Order ${message.id}` : `Planned play ${message.playId}`;
    this.#options.alarm(`${what} refused: ${verdict}`);
    return verdict;
  }
}
