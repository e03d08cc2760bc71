import { errorText, type EmbeddedLog } from '../embedded-error.js';
import type { WireServer } from './wire/wire-server.js';

/** Cleaning starts at most this often, … */
const EVERY_MS = 30 * 60_000;
/** … after so many commands, … */
const AFTER_COMMANDS = 500;
/** … when nobody has worked for this long, … */
const IDLE_MS = 5_000;
/** … or in any case after this long. */
const AT_LATEST_MS = 2 * 60 * 60_000;
const LOOK_MS = 10_000;

/**
 * PGlite has no autovacuum: without VACUUM tables only grow, without ANALYZE plans go by old figures. The tables
 * are cleaned in one command each, so that others get their turn in between.
 */
export class Maintenance {
  private timer: NodeJS.Timeout | undefined;
  private doneAt = Date.now();
  private doneCommands = 0;
  private running = false;

  constructor(
    private readonly server: WireServer,
    private readonly log: EmbeddedLog,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Cleans every table of the users now. */
  async clean(): Promise<void> {
    const tables = await this.server.withBackend((backend) => backend.texts(USER_TABLES));
    for (const table of tables) {
      try {
        await this.server.withBackend((backend) => backend.command(`VACUUM (ANALYZE) ${table}`));
      } catch (error) {
        this.log('warn', `cleaning ${table} in the embedded database failed`, { reason: errorText(error) });
      }
    }
    this.doneAt = Date.now();
    this.doneCommands = this.server.commandCount;
  }

  private async look(): Promise<void> {
    const passed = Date.now() - this.doneAt;
    const worked = this.server.commandCount - this.doneCommands;
    const due = passed > EVERY_MS && worked > AFTER_COMMANDS && this.server.idleMs > IDLE_MS;
    if (this.running || !(due || (passed > AT_LATEST_MS && worked > 0))) return;
    this.running = true;
    try {
      await this.clean();
    } catch (error) {
      this.log('warn', 'cleaning the embedded database failed', { reason: errorText(error) });
    } finally {
      this.running = false;
    }
  }
}

const USER_TABLES = `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_toast', 'information_schema') ORDER BY 1`;
