import net from 'node:net';
import { StartError } from './start-error.js';

/** Fails with a clear line when the port cannot be listened on, before anything costly is started. */
export async function assertPortFree(name: string, host: string, port: number): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(name, host, port, error)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

function portError(name: string, host: string, port: number, error: NodeJS.ErrnoException): StartError {
  if (error.code === 'EADDRINUSE')
    return new StartError(
      `${name}: port ${port} on ${host} is taken by another program; choose another port.`,
    );
  if (error.code === 'EACCES')
    return new StartError(`${name}: this user may not listen on port ${port}; choose one above 1023.`);
  return new StartError(`${name}: cannot listen on ${host}:${port} (${error.code ?? error.message}).`);
}
