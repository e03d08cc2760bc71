import type { PGlite } from '@electric-sql/pglite';
import type { CommandWatch } from './command-watch.js';
import { EXTENSION_NAMES, dumpEngine } from './engine.js';
import { lastWords } from './last-words.js';
import type { BackendPort } from './wire/backend-port.js';
import { readFirstColumn, readParameters, readReply, type BackendReply } from './wire/backend-reply.js';
import { PROTOCOL_VERSION_3, int32, query } from './wire/messages.js';

/** PGlite's own exit code for an ordinary SQL error on its way up (POSTGRES_MAIN_LONGJMP). */
const SQL_ERROR = 100;
/** Exit code when the backend broke; see sysexits EX_SOFTWARE. */
const BACKEND_BROKEN = 70;

/** The PGlite backend by protocol messages. One caller at a time: whoever holds the turn. */
export class Backend implements BackendPort {
  private constructor(
    private readonly engine: PGlite,
    private readonly commands: CommandWatch,
    readonly parameters: Buffer,
  ) {}

  static async over(engine: PGlite, commands: CommandWatch): Promise<Backend> {
    stopWhenBroken(engine);
    const startUp = Buffer.concat([int32(PROTOCOL_VERSION_3 << 16), Buffer.from('user\0postgres\0\0')]);
    const greeting = await engine.execProtocolRaw(Buffer.concat([int32(startUp.length + 4), startUp]));
    const backend = new Backend(engine, commands, readParameters(Buffer.from(greeting)));
    for (const name of EXTENSION_NAMES) await backend.command(`CREATE EXTENSION IF NOT EXISTS ${name}`);
    return backend;
  }

  async exchange(messages: Buffer): Promise<BackendReply> {
    const parts: Buffer[] = [];
    // The bytes are a view of the engine's memory, so they are copied before it goes on.
    const onRawData = (bytes: Uint8Array): void => void parts.push(Buffer.from(bytes));
    this.commands.started();
    try {
      await this.engine.execProtocolRawStream(messages, { syncToFs: false, onRawData });
    } finally {
      this.commands.ended();
    }
    return readReply(Buffer.concat(parts));
  }

  async command(sql: string): Promise<void> {
    await this.run(sql);
  }

  async texts(sql: string): Promise<string[]> {
    return readFirstColumn(await this.run(sql));
  }

  /** The whole database as tar.gz. */
  async dump(): Promise<Buffer> {
    await this.command('CHECKPOINT');
    return dumpEngine(this.engine);
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private async run(sql: string): Promise<BackendReply> {
    const reply = await this.exchange(query(sql));
    for (const step of reply.steps) if (step.kind === 'error') throw new Error(`${step.text} (${step.code})`);
    return reply;
  }
}

/**
 * PGlite swallows every exception of its main loop. A trap of the WebAssembly or an exit of the backend leaves
 * memory in an unknown state, so the thread ends at once, the process with it, and the parent starts a new one from the data folder.
 */
function stopWhenBroken(engine: PGlite): void {
  const module: { _PostgresMainLoopOnce: () => void } = engine.Module;
  const once = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      once();
    } catch (error) {
      const status =
        typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
      if (status !== SQL_ERROR) {
        lastWords(`the database backend broke: ${String(error)}`);
        process.exit(BACKEND_BROKEN);
      }
      throw error;
    }
  };
}
