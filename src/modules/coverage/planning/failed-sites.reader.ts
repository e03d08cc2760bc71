import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { Problem } from '../../../common/http/problem.js';

/** What fails: the union of what is named. */
export interface FailureRequest {
  /** Codes of sites: masts with all that hangs on them. */
  sites?: string[];
  /** Code of a network that is down altogether; its masts still carry the others. */
  operatorDown?: string;
  /** Sites that lose their backhaul, or their power, together; as the register has them today. */
  backhaulGroup?: string;
  powerGroup?: string;
}

/** Which sites a failure takes. */
@Injectable()
export class FailedSitesReader {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * `named` have to be in the run; of a group only those count that are. Throws 400 when nothing is named, or a group that no site is in.
   */
  async of(request: FailureRequest): Promise<{ named: string[]; grouped: string[] }> {
    const { sites = [], operatorDown, backhaulGroup, powerGroup } = request;
    if (
      !sites.length &&
      operatorDown === undefined &&
      backhaulGroup === undefined &&
      powerGroup === undefined
    )
      throw Problem.invalidField('sites', 'EMPTY', {
        en: 'name sites, an operatorDown, a backhaulGroup or a powerGroup',
        vi: 'hãy nêu sites, operatorDown, backhaulGroup hoặc powerGroup',
      });
    const grouped = new Set<string>();
    for (const [field, column, group] of [
      ['backhaulGroup', 'backhaul_group', backhaulGroup],
      ['powerGroup', 'power_group', powerGroup],
    ] as const) {
      if (group === undefined) continue;
      const rows = await this.uow.reader.query<{ code: string }[]>(
        `select code from sites where ${column} = $1 order by code collate "C"`,
        [group],
      );
      if (rows.length === 0)
        throw Problem.invalidField(field, 'UNKNOWN', {
          en: `no site is in the group "${group}"`,
          vi: `không có trạm nào thuộc nhóm "${group}"`,
        });
      for (const { code } of rows) grouped.add(code);
    }
    return { named: [...new Set(sites)], grouped: [...grouped] };
  }
}
