import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { ReachRunStore } from './reach-run.store.js';
import { ReachRunsReader } from './reach-runs.reader.js';
import { askedReach } from './reach-request.js';
import { ReachSettings } from './reach-settings.js';
import type { ReachRun, ReachRunRequest } from './reach.types.js';

/** Starts and stops runs of who can hear the loudspeakers. */
@Injectable()
export class ReachService {
  constructor(
    private readonly areas: AreasService,
    private readonly store: ReachRunStore,
    private readonly runs: ReachRunsReader,
    private readonly settings: ReachSettings,
  ) {}

  /** Writes the run and its job down; a worker takes it up. Throws 400 for what no run can be reckoned from. */
  async start(by: Actor, request: ReachRunRequest): Promise<ReachRun> {
    const asked = askedReach(request, this.areas.today(), await this.settings.current());
    const title = request.title?.trim() || `Tầm nghe loa ${asked.boundaryDate} (H3 ${asked.resolution})`;
    return this.runs.get(await this.store.create(title, asked, by.name));
  }

  /** The run is cancelled at once; a worker that is at it stops within a second or two. Throws 404, 409 when it has ended. */
  async cancel(runId: string): Promise<ReachRun> {
    const { id } = await this.runs.get(runId);
    if (!(await this.store.cancel(id)))
      throw Problem.conflict('RUN_ENDED', { en: 'The run has ended already.', vi: 'Lần tính đã kết thúc.' });
    return this.runs.get(id);
  }
}
