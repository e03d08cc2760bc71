import type { BackendReply } from './backend-reply.js';

/** The one database backend as the wire server sees it. */
export interface BackendPort {
  /** Parameter status messages that greet every new connection. */
  readonly parameters: Buffer;
  /** Sends protocol messages and collects the answer. The caller must hold the turn. */
  exchange(messages: Buffer): Promise<BackendReply>;
  /** Runs a command of our own; throws when it fails. The caller must hold the turn. */
  command(sql: string): Promise<void>;
  /** Runs a query of our own and gives its first column. The caller must hold the turn. */
  texts(sql: string): Promise<string[]>;
}
