import { ConfigError } from './config/config.js';
import { EmbeddedError } from './embedded/embedded-error.js';

/** Something outside the program keeps it from starting; the message is one clear line for the operator. */
export class StartError extends Error {}

/** The line to print for whatever kept the program from starting, or undefined for a fault of our own. */
export function startErrorLines(error: unknown): string[] | undefined {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof StartError || error instanceof EmbeddedError) return [error.message];
  const system = error as { code?: string; port?: number; address?: string; path?: string };
  if (system.code === 'EADDRINUSE')
    return [
      `Port ${system.port} on ${system.address} is taken by another program; set PORT or MQTT_PORT to another.`,
    ];
  if (system.code === 'EACCES' || system.code === 'EROFS' || system.code === 'EPERM')
    return [`${system.path ?? 'A folder'} cannot be written; set DATA_DIR to a folder that can.`];
  return undefined;
}
