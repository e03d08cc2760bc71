import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { DesiredDocuments } from './desired-documents.js';
import { EmergencyKeys } from './emergency-keys.js';

const EVERY_S = 300;
const AT_ONCE = 200;

/** Tells clusters of the keys by which emergencies are signed, when their document names others. */
@Injectable()
export class KeyRollout implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly jobs: JobRunner,
    private readonly documents: DesiredDocuments,
    private readonly keys: EmergencyKeys,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('speakers.keys', EVERY_S, () => this.tell());
  }

  /** Returns how many clusters have a new document. */
  async tell(): Promise<number> {
    let told = 0;
    for (;;) {
      const batch = await this.uow.run(async (tx) => {
        const rows = await tx.manager.query<{ id: string }[]>(
          `select t.cluster_id as id from cluster_twins t
            where t.desired is not null
              and (select coalesce(jsonb_agg(k ->> 'keyId'), '[]') from jsonb_array_elements(t.desired -> 'keys') k)
                  <> $1::jsonb
            order by t.cluster_id limit $2`,
          [JSON.stringify(this.keys.keyIds), AT_ONCE],
        );
        return this.documents.rebuild(
          tx,
          rows.map(({ id }) => id),
        );
      });
      told += batch.length;
      if (batch.length === 0) return told;
    }
  }
}
