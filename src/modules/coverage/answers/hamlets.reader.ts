import { Injectable } from '@nestjs/common';
import { toPage, decodeCursor } from '../../../common/http/page.js';
import { bestOf } from '../cells.reader.js';
import type { LayerView } from '../coverage.types.js';
import { agreementOf, signalOf, type Agreement, type Signal } from '../domain/hamlet-status.js';
import { levelClass, type LevelClass, type StoredLevels, type Technology } from '../domain/index.js';
import { RunDataReader } from '../run-data.reader.js';
import type { ViewRequest } from '../run-view.js';
import { provenanceOf, type Answer, type ProvenanceDto } from './provenance.js';
import { cellAt, RegisterPlaces, type HamletPlace } from './register-places.js';
import { RunViews, type RunView } from './run-views.js';

export interface HamletsRequest extends ViewRequest {
  /** Code of a commune of the run's day. */
  commune?: string;
  /** As reckoned. */
  signal?: Signal;
  /** Reported otherwise, better or worse. */
  agreement?: Agreement;
}

/** A hamlet at its point, in one view. */
export interface HamletStatus {
  code: string;
  name: string;
  kind: string;
  lon: number;
  lat: number;
  households: number | null;
  population: number | null;
  communeCode: string | null;
  communeName: string | null;
  /** Best of the view; null: nothing is received, or the point lies outside of the grid. */
  levelDbm: number | null;
  /** Null: outside of the run's grid. */
  levelClass: LevelClass | null;
  signal: Signal | null;
  site: string | null;
  operator: string | null;
  /** Every network of the view's place and probability, of all technologies. */
  networks: {
    technology: Technology;
    operator: string;
    levelDbm: number | null;
    levelClass: LevelClass;
  }[];
  reportedSignal: Signal | null;
  reportedOn: string | null;
  reportedBy: string | null;
  agreement: Agreement | null;
}

export interface HamletCount {
  /** Null: in no commune on the run's day. */
  communeCode: string | null;
  communeName: string | null;
  hamlets: number;
  none: number;
  weak: number;
  served: number;
  /** Outside of the run's grid. */
  unknown: number;
  same: number;
  better: number;
  worse: number;
  unreported: number;
  /** Of hamlets without a signal, where they are known. */
  householdsWithoutSignal: number;
}

/** What a run says of the hamlets of the register, at their community houses. */
@Injectable()
export class HamletStatusReader {
  constructor(
    private readonly views: RunViews,
    private readonly data: RunDataReader,
    private readonly places: RegisterPlaces,
  ) {}

  /** By code. Throws 404, 409, 400 for a view that the run has not. */
  async list(
    runId: string,
    request: HamletsRequest,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Answer<HamletStatus> & LayerView> {
    const after = decodeCursor(cursor) ?? '';
    const { found, hamlets } = await this.statuses(runId, request);
    const rest = hamlets.filter(({ code }) => code > after);
    return {
      provenance: provenanceOf(found.run),
      ...found.view,
      ...toPage(rest.slice(0, limit + 1), limit, ({ code }) => code),
    };
  }

  /** All at once, for a table. */
  async all(runId: string, request: HamletsRequest): Promise<RunView & { hamlets: HamletStatus[] }> {
    const { found, hamlets } = await this.statuses(runId, request);
    return { ...found, hamlets };
  }

  /** By commune of the run's day. */
  async counts(
    runId: string,
    request: HamletsRequest,
  ): Promise<LayerView & { provenance: ProvenanceDto; items: HamletCount[] }> {
    const { found, hamlets } = await this.statuses(runId, request);
    const counts = new Map<string | null, HamletCount>();
    for (const { communeCode, communeName, signal, agreement, households } of hamlets) {
      const count = counts.get(communeCode) ?? { communeCode, communeName, ...NOTHING };
      count.hamlets += 1;
      count[signal ?? 'unknown'] += 1;
      if (agreement) count[agreement] += 1;
      if (signal === 'none') count.householdsWithoutSignal += households ?? 0;
      counts.set(communeCode, count);
    }
    return {
      provenance: provenanceOf(found.run, found.view.technology),
      ...found.view,
      items: [...counts.values()].sort((a, b) => ((a.communeCode ?? '') < (b.communeCode ?? '') ? -1 : 1)),
    };
  }

  private async statuses(
    runId: string,
    request: HamletsRequest,
  ): Promise<{ found: RunView; hamlets: HamletStatus[] }> {
    const found = await this.views.find(runId, request);
    const { run, view } = found;
    const grid = await this.data.grid(run.manifest.grid.key);
    const layers = await this.data.layers(run.id, view);
    const transmitters = await this.data.transmitters(run.id);
    const { thresholds } = run.manifest.parameters;
    const wanted = layers.filter(
      ({ technology, operatorCode }) =>
        technology === view.technology && (view.operator === null || operatorCode === view.operator),
    );
    const statusOf = (hamlet: HamletPlace): HamletStatus => {
      const cell = cellAt(grid, hamlet.lon, hamlet.lat);
      const best = cell === undefined ? undefined : bestOf(wanted, cell);
      const level = best && levelClass(thresholds[view.technology], best.levelDbm);
      const { signal: reported, signalReportedOn, signalSource, ...place } = hamlet;
      const signal = level ? signalOf(level) : null;
      return {
        ...place,
        levelDbm: best?.layer ? tenths(best.levelDbm) : null,
        levelClass: level ?? null,
        signal,
        site: transmitters[best?.transmitter ?? -1]?.siteCode ?? null,
        operator: best?.layer?.operatorCode ?? null,
        networks: cell === undefined ? [] : layers.map((layer) => networkAt(layer, cell)),
        reportedSignal: reported as Signal | null,
        reportedOn: signalReportedOn,
        reportedBy: signalSource,
        agreement: signal && agreementOf(reported as Signal | null, signal),
      };
    };
    const networkAt = (layer: StoredLevels, cell: number): HamletStatus['networks'][number] => {
      const levelDbm = layer.levelDbm[cell] as number;
      return {
        technology: layer.technology,
        operator: layer.operatorCode,
        levelDbm: Number.isFinite(levelDbm) ? tenths(levelDbm) : null,
        levelClass: levelClass(thresholds[layer.technology], levelDbm),
      };
    };
    const hamlets = (await this.places.hamlets(run.boundaryDate))
      .map(statusOf)
      .filter(
        ({ communeCode, signal, agreement }) =>
          (request.commune === undefined || communeCode === request.commune) &&
          (request.signal === undefined || signal === request.signal) &&
          (request.agreement === undefined || agreement === request.agreement),
      );
    return { found, hamlets: hamlets.sort((a, b) => (a.code < b.code ? -1 : 1)) };
  }
}

const NOTHING = {
  hamlets: 0,
  none: 0,
  weak: 0,
  served: 0,
  unknown: 0,
  same: 0,
  better: 0,
  worse: 0,
  unreported: 0,
  householdsWithoutSignal: 0,
};

const tenths = (value: number): number => Math.round(value * 10) / 10;
