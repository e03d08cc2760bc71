/** The stages of a run in their order. */
export const RUN_STAGES = ['grid', 'transmitters', 'levels', 'aggregates'] as const;
export type RunStage = (typeof RUN_STAGES)[number];

export interface RunProgress {
  stage: RunStage;
  done: number;
  total: number;
}

/** What a long reckoning tells and asks meanwhile. */
export interface RunHooks {
  onProgress?: (progress: RunProgress) => void;
  /** Asked often; once true, the reckoning throws `CoverageCancelledError`. */
  isCancelled?: () => boolean;
}

export class CoverageCancelledError extends Error {
  constructor() {
    super('The coverage run was cancelled.');
    this.name = 'CoverageCancelledError';
  }
}

/** Reports progress, and throws when the run is cancelled. */
export function step(hooks: RunHooks, stage: RunStage, done: number, total: number): void {
  if (hooks.isCancelled?.()) throw new CoverageCancelledError();
  hooks.onProgress?.({ stage, done, total });
}
