import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem, fieldProblem, type FieldProblem } from '../../common/http/problem.js';
import { OutageConsequences } from '../coverage/index.js';
import { ClusterUplinks } from './cluster-uplinks.js';
import type { ClusterFate, Outage, OutageAnswer } from './dependence.types.js';
import { FATES, REASONS, verdictOf } from './domain/dependence.js';

/** Which loudspeaker clusters fall silent with mobile sites and networks. */
@Injectable()
export class ClusterDependence implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly uplinks: ClusterUplinks,
    private readonly consequences: OutageConsequences,
  ) {}

  /** The outage answer of coverage tells of clusters too. */
  onModuleInit(): void {
    this.consequences.bind('loudspeakerClusters', ({ sites, operator }) => this.fatesOf(sites, operator));
  }

  /** What becomes of every cluster in service. Throws 400 when nothing is named, or what nobody knows. */
  async of(outage: Outage): Promise<OutageAnswer> {
    return this.fatesOf(await this.sitesOf(outage), outage.operator ?? null);
  }

  /** The same of sites that are known to be some. */
  private async fatesOf(sites: readonly string[], operator: string | null): Promise<OutageAnswer> {
    const { run, uplinks } = await this.uplinks.list();
    const failure = { siteCodes: new Set(sites), operators: new Set(operator === null ? [] : [operator]) };
    const fates = uplinks.map((uplink): ClusterFate => {
      const verdict = verdictOf(uplink, failure);
      const { clusterId, name, areaCode, areaName } = uplink;
      const { en, vi } = REASONS[verdict.reason];
      return { clusterId, name, areaCode, areaName, ...verdict, messageEn: en, messageVi: vi };
    });
    const numberOf = (fate: ClusterFate['fate']) => fates.filter((cluster) => cluster.fate === fate).length;
    return {
      sites: [...sites],
      operator,
      run,
      counts: {
        clusters: fates.length,
        silent: numberOf('silent'),
        moves: numberOf('moves'),
        unknown: numberOf('unknown'),
        unaffected: numberOf('unaffected'),
      },
      clusters: FATES.filter((fate) => fate !== 'unaffected').flatMap((fate) =>
        fates.filter((cluster) => cluster.fate === fate),
      ),
    };
  }

  /** Throws 404 without such a site. */
  async ofSite(code: string): Promise<OutageAnswer> {
    const [site] = await this.uow.reader.query<{ code: string }[]>(`select code from sites where code = $1`, [
      code,
    ]);
    if (!site) throw Problem.notFound({ en: 'site', vi: 'trạm' }, code);
    return this.of({ sites: [code] });
  }

  /** Codes of the sites that are down, each once, in order. */
  private async sitesOf(outage: Outage): Promise<string[]> {
    const { sites = [], operator, backhaulGroup, powerGroup } = outage;
    if (
      sites.length === 0 &&
      operator === undefined &&
      backhaulGroup === undefined &&
      powerGroup === undefined
    )
      throw Problem.invalidField('sites', 'EMPTY', {
        en: 'name sites, an operator, a backhaulGroup or a powerGroup',
        vi: 'hãy nêu sites, operator, backhaulGroup hoặc powerGroup',
      });
    const found = await this.uow.reader.query<
      { code: string; named: boolean; backhaul: boolean; power: boolean }[]
    >(
      `select code, code = any($1::text[]) as named, coalesce(backhaul_group = $2, false) as backhaul,
              coalesce(power_group = $3, false) as power
         from sites where code = any($1::text[]) or backhaul_group = $2 or power_group = $3
        order by code collate "C"`,
      [sites, backhaulGroup ?? null, powerGroup ?? null],
    );
    const named = new Set(found.filter((site) => site.named).map(({ code }) => code));
    const unknown = (field: string, value: string): FieldProblem =>
      fieldProblem(field, 'UNKNOWN', { en: `there is no "${value}"`, vi: `không có "${value}"` });
    const problems = sites.flatMap((code, i) => (named.has(code) ? [] : [unknown(`sites.${i}`, code)]));
    if (backhaulGroup !== undefined && !found.some(({ backhaul }) => backhaul))
      problems.push(unknown('backhaulGroup', backhaulGroup));
    if (powerGroup !== undefined && !found.some(({ power }) => power))
      problems.push(unknown('powerGroup', powerGroup));
    if (operator !== undefined && !(await this.isOperator(operator)))
      problems.push(unknown('operator', operator));
    if (problems.length > 0) throw Problem.invalid(problems);
    return found.map(({ code }) => code);
  }

  private async isOperator(code: string): Promise<boolean> {
    const rows = await this.uow.reader.query<object[]>(`select 1 from operators where code = $1`, [code]);
    return rows.length > 0;
  }
}
