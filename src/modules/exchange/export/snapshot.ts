import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG } from '../../../common/tokens.js';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import type { Config } from '../../../config/config.js';

/** Reads many rows as of one moment. */
@Injectable()
export class Snapshot {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * On PostgreSQL all of it is one read-only transaction of the isolation REPEATABLE READ: nothing that is written
   * meanwhile is seen. The embedded database has a single session, which a transaction would keep from everybody else
   * until the last row is sent: there each batch is a query of its own, behind the key of the last one. No row is left out or
   * comes twice, but a change made meanwhile shows in the batches that are read after it.
   */
  async *read<T>(source: (manager: EntityManager) => AsyncIterable<T>): AsyncGenerator<T> {
    if (this.config.databaseUrl === undefined) {
      yield* source(this.uow.reader);
      return;
    }
    const runner = this.uow.reader.dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('set transaction read only');
      yield* source(runner.manager);
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }
}
