import { Injectable } from '@nestjs/common';

export interface CheckResult {
  name: string;
  /** Undefined when all is well. */
  error?: string;
}

const TIMEOUT_MS = 3_000;

/** What must hold before this process should be given work. Parts of the program add theirs. */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, () => Promise<void> | void>();

  /** `check` throws, with a sentence, while the part is not ready. */
  add(name: string, check: () => Promise<void> | void): void {
    this.checks.set(name, check);
  }

  async run(): Promise<CheckResult[]> {
    return Promise.all([...this.checks].map(([name, check]) => this.one(name, check)));
  }

  private async one(name: string, check: () => Promise<void> | void): Promise<CheckResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    try {
      await Promise.race([Promise.resolve().then(check), late]);
      return { name };
    } catch (error) {
      return { name, error: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
