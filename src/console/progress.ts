import process from 'node:process';

/** What a person at a terminal sees while the program works; the log has the details. */
export interface Progress {
  /** Something is being done. Replaced in place by what follows, on a terminal. */
  doing(what: string): void;
  /** Something is done. */
  done(what: string): void;
  /** Plain lines: a table, an explanation. */
  say(text: string): void;
}

export class ConsoleProgress implements Progress {
  private readonly startedAt = Date.now();
  private pending = false;

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {}

  doing(what: string): void {
    if (!this.out.isTTY) return;
    this.out.write(`\r\x1b[2K  … ${what}`.slice(0, (this.out.columns ?? 100) + 6));
    this.pending = true;
  }

  done(what: string): void {
    this.clear();
    const seconds = ((Date.now() - this.startedAt) / 1000).toFixed(1).padStart(5);
    this.out.write(`${seconds} s  ${what}\n`);
  }

  say(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
  }

  private clear(): void {
    if (this.pending) this.out.write('\r\x1b[2K');
    this.pending = false;
  }
}
