import { Readable } from 'node:stream';
import type { PublishPacket } from 'aedes';
import { filterMatches, hasWildcard } from './topic-filter.js';

interface Session {
  readonly id: string;
}
interface Numbered {
  readonly messageId?: number;
}
type Will = PublishPacket & { brokerId?: string; clientId?: string };

/**
 * What aedes keeps between packets, in memory, where no session outlives its connection: retained messages, wills, and
 * the QoS 2 messages of a connection that wait for their release. Subscriptions and queues of who is away do not exist.
 *
 * aedes' own store looks at every retained message for every filter that a client subscribes to, so that n clusters
 * that connect cost n² looks. Here a filter without wildcards, which is all that a cluster has, is one look; the few
 * filters of the server go through all. How much may be kept is for `RetainedBudget` to say, before a message comes here.
 */
export class SessionlessStore {
  private readonly retained = new Map<string, PublishPacket>();
  private readonly wills = new Map<string, Will>();
  private readonly incoming = new Map<string, Map<number, Numbered>>();
  private brokerId = '';

  async setup(broker: { readonly id: string }): Promise<void> {
    this.brokerId = broker.id;
  }

  async storeRetained(packet: PublishPacket): Promise<void> {
    if (packet.payload.length === 0) this.retained.delete(packet.topic);
    else this.retained.set(packet.topic, { ...packet });
  }

  createRetainedStream(filter: string): Readable {
    return this.createRetainedStreamCombi([filter]);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(this.retainedOf(filters));
  }

  private *retainedOf(filters: readonly string[]): Generator<PublishPacket> {
    for (const filter of filters) {
      if (hasWildcard(filter)) {
        for (const [topic, packet] of this.retained) if (filterMatches(filter, topic)) yield packet;
      } else {
        const packet = this.retained.get(filter);
        if (packet) yield packet;
      }
    }
  }

  async putWill(client: Session, will: Will): Promise<void> {
    this.wills.set(client.id, Object.assign(will, { brokerId: this.brokerId, clientId: client.id }));
  }

  async getWill(client: Session): Promise<Will | undefined> {
    return this.wills.get(client.id);
  }

  async delWill(client: Session): Promise<Will | undefined> {
    const will = this.wills.get(client.id);
    this.wills.delete(client.id);
    return will;
  }

  /** Wills of brokers that are no more. There is one broker, so these are none while it lives. */
  streamWill(brokers: Readonly<Record<string, unknown>> = {}): Readable {
    return Readable.from([...this.wills.values()].filter((will) => !brokers[will.brokerId ?? '']));
  }

  async incomingStorePacket(client: Session, packet: Numbered): Promise<void> {
    let packets = this.incoming.get(client.id);
    if (!packets) this.incoming.set(client.id, (packets = new Map<number, Numbered>()));
    packets.set(packet.messageId ?? 0, { ...packet });
  }

  async incomingGetPacket(client: Session, packet: Numbered): Promise<Numbered> {
    const known = this.incoming.get(client.id)?.get(packet.messageId ?? 0);
    if (!known) throw new Error('no such packet');
    return known;
  }

  async incomingDelPacket(client: Session, packet: Numbered): Promise<void> {
    const packets = this.incoming.get(client.id);
    if (!packets?.delete(packet.messageId ?? 0)) throw new Error('no such packet');
    if (packets.size === 0) this.incoming.delete(client.id);
  }

  async cleanIncoming(client: Session): Promise<void> {
    this.incoming.delete(client.id);
  }

  async addSubscriptions(): Promise<void> {}
  async removeSubscriptions(): Promise<void> {}
  async cleanSubscriptions(): Promise<void> {}

  async subscriptionsByClient(): Promise<never[]> {
    return [];
  }

  async subscriptionsByTopic(): Promise<never[]> {
    return [];
  }

  async countOffline(): Promise<{ subsCount: number; clientsCount: number }> {
    return { subsCount: 0, clientsCount: 0 };
  }

  async outgoingEnqueue(): Promise<void> {}
  async outgoingEnqueueCombi(): Promise<void> {}
  async outgoingUpdate(): Promise<void> {}
  async outgoingClearMessageId(): Promise<void> {}

  outgoingStream(): Readable {
    return Readable.from([]);
  }

  getClientList(): Readable {
    return Readable.from([]);
  }

  async destroy(): Promise<void> {
    this.retained.clear();
    this.wills.clear();
    this.incoming.clear();
  }
}
