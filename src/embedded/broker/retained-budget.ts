/**
 * Keeps the retained messages in memory within bounds. It mirrors only their sizes; replacing and clearing a
 * retained message is always possible.
 */
export class RetainedBudget {
  private readonly bytesByTopic = new Map<string, number>();
  private total = 0;

  constructor(private readonly maxBytes: number) {}

  /** Books a retained message (0 bytes clears its topic); false when it does not fit. */
  book(topic: string, payloadBytes: number): boolean {
    const before = this.bytesByTopic.get(topic);
    if (payloadBytes === 0) {
      this.bytesByTopic.delete(topic);
      this.total -= before ?? 0;
      return true;
    }
    const bytes = payloadBytes + topic.length;
    if (bytes > (before ?? 0) && this.total - (before ?? 0) + bytes > this.maxBytes) return false;
    this.bytesByTopic.set(topic, bytes);
    this.total += bytes - (before ?? 0);
    return true;
  }
}
