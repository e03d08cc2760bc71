export { runInWorker, type CoverageProgress, type RunInWorkerOptions } from './run-in-worker.js';
