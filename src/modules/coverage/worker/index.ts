export { runInWorker, type RunInWorkerOptions } from './run-in-worker.js';
