import { Injectable } from '@nestjs/common';
import { fieldProblem, Problem } from '../../../common/http/problem.js';
import type { CoverageWarning, Scenario } from '../coverage.types.js';
import { CoverageInputError, type SnapshotSite, type Technology } from '../domain/index.js';
import type { NetworkView, Weight } from '../domain/planning/index.js';
import { changeAnswer } from './change-answer.js';
import { Desk, type DeskState } from './desk.js';
import type { Answers, Change, DeskEngine, Question, QuestionOf } from './desk.types.js';
import { FailedSitesReader, type FailureRequest } from './failed-sites.reader.js';
import { OutageConsequences } from './outage-consequences.js';
import { isInside, outside, plannedSites, type PlannedSite } from './planned-sites.js';
import { PlanningNetworks, type PlanningNetwork } from './planning-network.js';
import type {
  ChangeAnswer,
  CriticalityAnswer,
  OutageChangeAnswer,
  PlanningView,
  Provenance,
  SitingResult,
} from './planning.types.js';
import { templateSite, type SiteTemplate } from './site-template.js';

export interface ViewRequest extends Partial<Scenario> {
  technology?: Technology;
  operator?: string;
}
interface CellsRequest {
  cellLimit: number;
  format: 'json' | 'geojson';
}
export interface WhatIfRequest extends ViewRequest, CellsRequest {
  put?: PlannedSite[];
  remove?: string[];
}
export type OutageRequest = ViewRequest & CellsRequest & FailureRequest;
export interface SitingRequest extends ViewRequest, CellsRequest {
  technology: Technology;
  k: number;
  by: Weight;
  template: SiteTemplate;
  candidates?: number[][];
  proveS: number;
}

/** The same on both sides of every comparison. */
export const COUNTING = {
  code: 'WHOLE_CELLS',
  messageEn:
    'Cells of the grid count whole, by the level at their centre. The figures of a run cut the cells at the edge of coverage and may differ a little.',
  messageVi:
    'Mỗi ô lưới được tính trọn theo mức thu tại tâm ô. Số liệu của lần tính có chia các ô ở rìa vùng phủ nên có thể lệch đôi chút.',
};
/** Outside of coverage's networks: whoever is to be served by a new site of nobody's yet. */
const NOBODY = 'planned';

/** Answers what planners ask about a finished run: nothing is written. A signal that aborts ends the reckoning. */
@Injectable()
export class PlanningService {
  constructor(
    private readonly networks: PlanningNetworks,
    private readonly desk: Desk,
    private readonly failed: FailedSitesReader,
    private readonly consequences: OutageConsequences,
  ) {}

  get state(): DeskState {
    return this.desk.state;
  }

  async whatIf(runId: string, request: WhatIfRequest, signal?: AbortSignal): Promise<ChangeAnswer> {
    const network = await this.networks.of(runId, request);
    const put = plannedSites('put', request.put ?? [], network);
    const remove = [...new Set(request.remove ?? [])];
    if (put.length + remove.length === 0)
      throw Problem.invalidField('put', 'EMPTY', {
        en: 'put sites or remove some: without a change there is nothing to compare',
        vi: 'hãy thêm (put) hoặc bớt (remove) trạm: không có thay đổi thì không có gì để so sánh',
      });
    const view = viewOf(network, request, put);
    const asked = await this.ask(network, { kind: 'what-if', view, put, remove }, signal);
    const change = known('remove', remove, asked.answer);
    return answerOf(network, view, asked, change, request);
  }

  async outage(runId: string, request: OutageRequest, signal?: AbortSignal): Promise<OutageChangeAnswer> {
    const network = await this.networks.of(runId, request);
    const { named, grouped } = await this.failed.of(request);
    const operator = request.operatorDown ?? null;
    if (operator !== null) oneOf('operatorDown', operator, network.operators);
    const view = viewOf(network, request, []);
    let sites = [...new Set([...named, ...grouped])].sort();
    let asked = await this.ask(network, { kind: 'outage', view, sites, operator }, signal);
    // Today's groups may have sites that the run has not: those cannot fail in it.
    const absent = new Set(asked.answer.unknown.filter((code) => !named.includes(code)));
    if (absent.size > 0 && absent.size === asked.answer.unknown.length) {
      sites = sites.filter((code) => !absent.has(code));
      asked = await this.ask(network, { kind: 'outage', view, sites, operator }, signal);
    }
    const change = known('sites', named, asked.answer);
    return {
      ...answerOf(network, view, asked, change, request),
      sites,
      operatorDown: operator,
      consequences: await this.consequences.of({ sites, operator }),
    };
  }

  async criticality(
    runId: string,
    request: ViewRequest & { by: Weight; limit: number },
    signal?: AbortSignal,
  ): Promise<CriticalityAnswer> {
    const network = await this.networks.of(runId, request);
    const view = viewOf(network, request, []);
    const { by: weight, limit } = request;
    const asked = await this.ask(network, { kind: 'criticality', view, weight, limit }, signal);
    const { sites, critical, all } = asked.answer;
    return {
      ...provenanceOf(network, view, asked, []),
      by: weight,
      sites: sites.map(({ areaM2, population, households, lon, lat, ...site }) => ({
        ...site,
        lon: rounded(lon, 1e6),
        lat: rounded(lat, 1e6),
        areaKm2: rounded(areaM2 / 1e6, 1e6),
        population: rounded(population, 1000),
        households: rounded(households, 1000),
      })),
      critical,
      all,
    };
  }

  async siting(runId: string, request: SitingRequest, signal?: AbortSignal): Promise<SitingResult> {
    const network = await this.networks.of(runId, request);
    const { technology, k, by: weight } = request;
    // Where there is none of it yet, all is still to be covered; unless the run was told to leave it out.
    const { technologies } = network.run.manifest;
    if (technologies !== null) oneOf('technology', technology, technologies);
    const view = { ...viewOf(network, { operator: request.operator }, []), technology };
    const template = templateSite(request.template, technology, request.operator ?? NOBODY, network);
    const candidates = candidatesOf(request.candidates, network);
    const asked = await this.ask(
      network,
      {
        kind: 'siting',
        view,
        weight,
        k,
        template,
        candidates,
        proveMs: 1000 * request.proveS,
      },
      signal,
    );
    const { answer } = asked;
    const shown = (value: number): number =>
      weight === 'area' ? rounded(value / 1e6, 1e6) : rounded(value, 1000);
    return {
      ...answerOf(network, view, asked, answer, request),
      by: weight,
      unit: weight === 'area' ? 'km²' : weight,
      candidates: answer.candidates,
      picks: answer.picks.map(({ candidate, lon, lat, gain }, n) => ({
        order: n + 1,
        candidate,
        lon: rounded(lon, 1e6),
        lat: rounded(lat, 1e6),
        gain: shown(gain),
      })),
      gain: shown(answer.total),
      upperBound: shown(answer.upperBound),
      gapPercent: answer.total > 0 ? (100 * (answer.upperBound - answer.total)) / answer.total : null,
      optimal: answer.optimal,
      uncovered: shown(answer.uncovered),
      coverable: shown(answer.coverable),
    };
  }

  private async ask<K extends Question['kind']>(
    { opening }: PlanningNetwork,
    question: QuestionOf<K>,
    signal: AbortSignal | undefined,
  ): Promise<Asked<K>> {
    const startedAt = performance.now();
    try {
      const { answer, engine } = await this.desk.ask<K>(opening, question, signal);
      return { answer, engine, tookMs: rounded(performance.now() - startedAt, 10) };
    } catch (error) {
      if (!(error instanceof CoverageInputError)) throw error;
      throw Problem.invalidField(error.code, 'TOO_LARGE', { en: error.messageEn, vi: error.messageVi });
    }
  }
}

interface Asked<K extends Question['kind']> {
  answer: Answers[K];
  engine: DeskEngine;
  tookMs: number;
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

/** A view may also be of networks that the new sites bring. */
function viewOf(network: PlanningNetwork, request: ViewRequest, put: readonly SnapshotSite[]): NetworkView {
  const cells = put.flatMap((site) => site.cells);
  const { technology = null, operator = null } = request;
  if (technology !== null)
    oneOf('technology', technology, [...network.technologies, ...cells.map((cell) => cell.technology)]);
  if (operator !== null)
    oneOf('operator', operator, [...network.operators, ...cells.map((cell) => cell.operatorCode)]);
  return { technology, operatorCode: operator };
}

function oneOf(field: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const list = [...new Set(known)].join(', ');
  throw Problem.invalidField(field, 'NOT_IN_RUN', {
    en: `${field} of this run must be one of: ${list || '(it has none)'}`,
    vi: `${field} của lần tính này phải là một trong: ${list || '(không có)'}`,
  });
}

/** The change, when the run has all sites that were named. */
function known(
  field: string,
  named: readonly string[],
  { unknown, change }: { unknown: string[]; change: Change | null },
): Change {
  if (change) return change;
  throw Problem.invalid(
    unknown.slice(0, 100).map((code) =>
      fieldProblem(`${field}.${named.indexOf(code)}`, 'UNKNOWN', {
        en: `the network of this run has no site "${code}" with a usable cell`,
        vi: `mạng lưới của lần tính này không có trạm "${code}" với cell dùng được`,
      }),
    ),
  );
}

function candidatesOf(
  given: readonly (readonly number[])[] | undefined,
  { grid }: PlanningNetwork,
): { lon: Float64Array; lat: Float64Array } | null {
  if (!given) return null;
  const problems = given.flatMap((pair, n) => {
    const [lon, lat] = pair;
    const isPlace = pair.length === 2 && typeof lon === 'number' && typeof lat === 'number';
    if (isPlace && isInside(grid, lon, lat)) return [];
    return [outside(`candidates.${n}`, { lon: Number(lon), lat: Number(lat) })];
  });
  if (problems.length > 0) throw Problem.invalid(problems.slice(0, 20));
  return {
    lon: Float64Array.from(given, ([lon]) => lon as number),
    lat: Float64Array.from(given, ([, lat]) => lat as number),
  };
}

function provenanceOf(
  { run, scenario }: PlanningNetwork,
  { technology, operatorCode }: NetworkView,
  { engine, tookMs }: { engine: DeskEngine; tookMs: number },
  warnings: readonly CoverageWarning[],
): Provenance {
  const { id, title, boundaryDate, resolution, manifest } = run;
  const { networkDate, dataVersion, synthetic } = manifest;
  const view: PlanningView = { ...scenario, technology, operator: operatorCode };
  const used = { id, title, boundaryDate, networkDate, dataVersion, resolution, synthetic };
  return {
    run: { ...used, engine: manifest.engine },
    view,
    engine,
    warnings: [...run.warnings, ...warnings],
    tookMs,
    counting: COUNTING,
  };
}

function answerOf(
  network: PlanningNetwork,
  view: NetworkView,
  asked: { engine: DeskEngine; tookMs: number },
  change: Change,
  { cellLimit, format }: CellsRequest,
): ChangeAnswer {
  const cells = { limit: cellLimit, geojson: format === 'geojson' };
  return {
    ...provenanceOf(network, view, asked, change.warnings),
    ...changeAnswer(network.grid, network.units, change, cells),
  };
}
