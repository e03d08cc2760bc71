import fs from 'node:fs';
import path from 'node:path';
import type { Config } from './config/config.js';
import { StartError } from './start-error.js';

/** Makes the folders the program writes to, before anything is started that needs them. */
export function makeFolders(config: Config): void {
  const embedded = config.databaseUrl === undefined;
  if (embedded) makeWritable(config.dataDir, 'DATA_DIR');
  if (config.logFile !== undefined) makeWritable(path.dirname(config.logFile), 'LOG_FILE');
  makeWritable(config.mediaDir, 'MEDIA_DIR');
}

function makeWritable(folder: string, variable: string): void {
  try {
    make(folder);
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `${variable}: the folder ${folder} cannot be made or written (${code ?? String(error)}).`,
    );
  }
}

/** One level at a time: Node's own recursive mkdir never returns on a file system that refuses with ENOENT, as /proc does. */
function make(folder: string): void {
  if (fs.existsSync(folder)) return;
  make(path.dirname(folder));
  fs.mkdirSync(folder, { mode: 0o750 });
}
