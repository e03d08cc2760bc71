import process from 'node:process';
import v8 from 'node:v8';
import { createLogger } from './common/logging/logger.js';
import { loadConfig } from './config/config.js';
import { ConsoleProgress } from './console/progress.js';
import { makeFolders } from './folders.js';
import { Program } from './program.js';
import { startErrorLines } from './start-error.js';

// By itself V8 collects the old objects only once they are four times what is in use, as there is memory enough; an import then holds
// 400 MB of garbage for nothing. Three times costs a few more collections and leaves room for what else there is.
v8.setFlagsFromString('--heap-growing-percent=200');

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  makeFolders(config);
  const logger = createLogger({ level: config.logLevel, file: config.logFile });
  const progress = new ConsoleProgress();
  const program = new Program(config, logger, progress);

  // A fault that nobody awaits must leave a line behind, and must not stop the loudspeakers' server.
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    process.stderr.write(`Phủ Sóng stops because of an error in it: ${error.message}\n`);
    process.exit(1);
  });
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(130);
    stopping = true;
    progress.say(`${signal}: stopping (again to stop at once)`);
    program.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));

  try {
    await program.start();
  } catch (error) {
    if (stopping) return;
    logger.fatal({ err: error }, 'the start failed');
    await program.stop().catch(() => undefined);
    throw error;
  }
}

main().catch((error: unknown) => {
  const lines = startErrorLines(error) ?? [
    `Phủ Sóng could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  ];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
});
