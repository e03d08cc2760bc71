import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EmbeddedError, errorText, type EmbeddedLog } from '../embedded-error.js';
import { DatabaseChild } from './database-child.js';

export interface EmbeddedDatabaseOptions {
  /** Folder of the data, made if missing; `memory`: nothing is kept. */
  readonly dataDir: string;
  /** A dump made by `dumpTo`; a new database begins with its content. */
  readonly loadFrom?: string;
  /** Files that are costly to make; by default `<system's temporary folder>/phusong-cache-<uid>`. */
  readonly cacheDir?: string;
  /** How long a connection waits while others think inside their transactions; then SQLSTATE 55P03. Default 30 s. */
  readonly lockWaitMs?: number;
  /** A transaction without a command for this long is rolled back and ended with 25P03. Default 5 min. */
  readonly idleInTransactionMs?: number;
  /**
   * A command that runs longer ends the database process, which starts again: nothing else can stop it, and it keeps
   * everybody waiting. Default 10 min.
   */
  readonly maxCommandMs?: number;
  readonly log: EmbeddedLog;
  /** The database process died and a new one serves the same socket; pools reconnect by themselves. */
  readonly onRestart?: (restart: EmbeddedDatabaseRestart) => void;
}

export interface EmbeddedDatabaseRestart {
  /** Starts that were tried until one succeeded. */
  readonly attempts: number;
  readonly downMs: number;
  /** True for a database in memory: it begins anew. */
  readonly dataLost: boolean;
}

/** For the `pg` driver (`host` is the folder of the Unix socket). */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const PORT = 5432;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** The longest folder that leaves room for the socket's name: Unix socket paths end at 107 bytes. */
const LONGEST_BASE = 70;

const NO_FSYNC =
  'embedded database: data is handed to the operating system at each commit but not forced to the disk; ' +
  'a power cut or system crash may lose the last writes (a crash of the program does not)';
const IN_MEMORY = 'embedded database: in memory only, everything is gone when the program ends';

/**
 * PostgreSQL with PostGIS (PGlite) in a child process, reached through a Unix socket by the ordinary `pg` driver.
 * Why and at what cost: docs/adr/0001-embedded-database-access.md.
 */
export class EmbeddedDatabase {
  private child: DatabaseChild | null = null;
  private socketDir: string | null = null;
  private stopped = false;
  private starting: Promise<void> | null = null;
  private recovery: Promise<void> | null = null;
  private retry: { timer: NodeJS.Timeout; resolve: () => void } | null = null;

  constructor(private readonly options: EmbeddedDatabaseOptions) {}

  /** Sentences for the operator about what this kind of database cannot promise; to be said once at the start. */
  get warnings(): readonly string[] {
    return [this.inMemory ? IN_MEMORY : NO_FSYNC];
  }

  /** @throws EmbeddedError FAILED before `start` and after `stop` */
  get connection(): EmbeddedConnection {
    if (this.socketDir === null) throw new EmbeddedError('FAILED', 'the embedded database is not started');
    return { host: this.socketDir, port: PORT, user: 'postgres', password: 'postgres', database: 'postgres' };
  }

  /** Process number of the database, undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @throws EmbeddedError LOCKED, NOT_WRITABLE or FAILED */
  async start(): Promise<void> {
    if (this.socketDir !== null)
      throw new EmbeddedError('FAILED', 'the embedded database is started already');
    this.stopped = false;
    // mkdtemp makes the folder with mode 0700: who may open the socket is the user alone.
    const base = tmpdir().length > LONGEST_BASE ? '/tmp' : tmpdir();
    this.socketDir = mkdtempSync(join(base, 'phusong-db-'));
    this.starting = this.launch();
    try {
      await this.starting;
    } catch (error) {
      this.removeSocketDir();
      throw error;
    } finally {
      this.starting = null;
    }
  }

  /** Ends open transactions, closes the database and frees its folder. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.retry) {
      clearTimeout(this.retry.timer);
      this.retry.resolve();
    }
    // A start under way is waited for, so that no process is left behind; its error goes to who started.
    await this.starting?.catch(() => undefined);
    await this.child?.stop();
    await this.recovery;
    await this.child?.stop();
    this.child = null;
    this.removeSocketDir();
  }

  /** Writes the whole database to a file (tar.gz) for `loadFrom`: one migrated template serves many tests. */
  async dumpTo(path: string): Promise<void> {
    await this.running().request({ kind: 'dump', path: resolve(path) });
  }

  /** VACUUM ANALYZE of every table, as after a large import. It happens by itself when the database is idle. */
  async vacuum(): Promise<void> {
    await this.running().request({ kind: 'vacuum' });
  }

  private get inMemory(): boolean {
    return this.options.dataDir === 'memory';
  }

  private removeSocketDir(): void {
    if (this.socketDir !== null) rmSync(this.socketDir, { recursive: true, force: true });
    this.socketDir = null;
  }

  private running(): DatabaseChild {
    if (!this.child) throw new EmbeddedError('FAILED', 'the embedded database is not running');
    return this.child;
  }

  private async launch(): Promise<void> {
    const { options } = this;
    const child = await DatabaseChild.start(
      {
        dataDir: this.inMemory ? null : resolve(options.dataDir),
        loadFrom: options.loadFrom === undefined ? null : resolve(options.loadFrom),
        cacheDir: options.cacheDir === undefined ? null : resolve(options.cacheDir),
        socketPath: join(this.connection.host, `.s.PGSQL.${PORT}`),
        lockWaitMs: options.lockWaitMs ?? 30_000,
        idleInTransactionMs: options.idleInTransactionMs ?? 5 * 60_000,
        maxCommandMs: options.maxCommandMs ?? 10 * 60_000,
      },
      options.log,
    );
    this.child = child;
    child.onExit((reason) => {
      if (this.child === child) this.child = null;
      if (this.stopped) return;
      options.log('error', 'the embedded database process died; starting it again', { reason });
      this.recovery = this.recover();
    });
  }

  private async recover(): Promise<void> {
    const diedAt = Date.now();
    for (let attempts = 1, waitMs = FIRST_RETRY_MS; !this.stopped; attempts++) {
      try {
        await this.launch();
        this.restarted({ attempts, downMs: Date.now() - diedAt, dataLost: this.inMemory });
        return;
      } catch (error) {
        this.options.log('error', 'the embedded database did not start again', {
          reason: errorText(error),
          waitMs,
        });
      }
      await this.wait(waitMs);
      waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS);
    }
  }

  private restarted(restart: EmbeddedDatabaseRestart): void {
    this.options.log('warn', 'the embedded database runs again', { ...restart });
    if (!this.stopped) this.options.onRestart?.(restart);
  }

  private async wait(ms: number): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((resolve) => {
      this.retry = { timer: setTimeout(resolve, ms), resolve };
    });
    this.retry = null;
  }
}
