import net from 'node:net';

const LOWEST = 12_000;
const HIGHEST = 31_999;
const TRIES = 100;

/**
 * A port for a server that is started later, or stopped and started again. Below those that the system gives to clients: of
 * these another connection may take one as soon as nobody listens there.
 */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${LOWEST} to ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
