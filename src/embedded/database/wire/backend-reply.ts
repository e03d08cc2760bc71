import type { TransactionStatus } from './messages.js';

/** What happened in one reply, in order: commands completed, errors, and the final ready. */
export type ReplyStep =
  | { readonly kind: 'complete'; readonly tag: string }
  | { readonly kind: 'error'; readonly code: string; readonly text: string };

export interface Notification {
  readonly channel: string;
  readonly bytes: Buffer;
}

export interface BackendReply {
  /** Everything for the connection that asked: the reply without the notifications. */
  readonly forClient: Buffer[];
  readonly notifications: Notification[];
  readonly steps: ReplyStep[];
  /** Status of the last ReadyForQuery; null when the backend waits for more messages of the same cycle. */
  readonly status: TransactionStatus | null;
}

const NOTIFICATION = 0x41; // A
const COMMAND_COMPLETE = 0x43; // C
const DATA_ROW = 0x44; // D
const ERROR_RESPONSE = 0x45; // E
const READY_FOR_QUERY = 0x5a; // Z

/**
 * Takes the backend's answer to one batch apart. Notifications are cut out, since the one backend listens on
 * behalf of every connection; the rest is kept in as few slices as possible (results may hold many rows).
 */
export function readReply(bytes: Buffer): BackendReply {
  const forClient: Buffer[] = [];
  const notifications: Notification[] = [];
  const steps: ReplyStep[] = [];
  let status: TransactionStatus | null = null;
  let kept = 0;
  let at = 0;
  while (at + 5 <= bytes.length) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    switch (bytes[at]) {
      case NOTIFICATION: {
        if (at > kept) forClient.push(bytes.subarray(kept, at));
        kept = end;
        const channel = bytes.toString('utf8', at + 9, bytes.indexOf(0, at + 9));
        notifications.push({ channel, bytes: bytes.subarray(at, end) });
        break;
      }
      case COMMAND_COMPLETE:
        steps.push({ kind: 'complete', tag: bytes.toString('latin1', at + 5, end - 1) });
        break;
      case ERROR_RESPONSE:
        steps.push({ kind: 'error', ...readError(bytes, at + 5, end) });
        break;
      case READY_FOR_QUERY:
        status = String.fromCharCode(bytes[at + 5] ?? 0x49) as TransactionStatus;
        break;
      default:
        break;
    }
    at = end;
  }
  if (bytes.length > kept) forClient.push(bytes.subarray(kept));
  return { forClient, notifications, steps, status };
}

function readError(bytes: Buffer, from: number, end: number): { code: string; text: string } {
  let code = 'XX000';
  let text = '';
  for (let at = from; at < end && bytes[at] !== 0;) {
    const zero = bytes.indexOf(0, at + 1);
    const value = bytes.toString('utf8', at + 1, zero);
    if (bytes[at] === 0x43) code = value;
    if (bytes[at] === 0x4d) text = value;
    at = zero + 1;
  }
  return { code, text };
}

/** The parameter messages (`S`: server version, encoding, …) of a start-up answer. */
export function readParameters(bytes: Buffer): Buffer {
  const parameters: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (bytes[at] === 0x53) parameters.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parameters);
}

/** First column of every row of a simple query's answer; NULL is left out. */
export function readFirstColumn(reply: BackendReply): string[] {
  const bytes = Buffer.concat(reply.forClient);
  const texts: string[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    const length = bytes[at] === DATA_ROW && bytes.readInt16BE(at + 5) > 0 ? bytes.readInt32BE(at + 7) : -1;
    if (length >= 0) texts.push(bytes.toString('utf8', at + 11, at + 11 + length));
    at = end;
  }
  return texts;
}
