import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config.js';
import { createLogger } from '../../src/common/logging/logger.js';
import { BrokerAccess, MosquittoFiles, type BrokerAccount } from '../../src/mqtt/index.js';
import { startBroker } from '../../src/start-broker.js';
import { leaves } from '../leftovers.js';
import type { World } from '../world.js';

export type BrokerKind = 'embedded' | 'mosquitto';

/** Mosquitto joins in where `BENCH_MOSQUITTO` names its program. */
export const BROKERS: readonly BrokerKind[] = process.env.BENCH_MOSQUITTO
  ? ['embedded', 'mosquitto']
  : ['embedded'];

export interface BenchBroker {
  account: BrokerAccount;
  stop: () => Promise<void>;
}

/** A broker that knows the world's clusters. */
export async function openBroker(kind: BrokerKind, world: World): Promise<BenchBroker> {
  if (kind === 'mosquitto') return mosquitto(world);
  const config = { ...loadConfig({ DATA_DIR: world.folder }), mqttPort: 0, host: '127.0.0.1' };
  const broker = await startBroker(world.app, config, createLogger({ level: 'silent' }));
  return { account: broker.account, stop: leaves(() => broker.stop()) };
}

async function mosquitto({ app, folder }: World): Promise<BenchBroker> {
  const port = await freePort();
  const { server } = app.get(BrokerAccess);
  const access = path.join(folder, 'mosquitto');
  await app.get(MosquittoFiles).write(access, server);
  const file = path.join(access, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${path.join(access, 'passwords')}`,
    `acl_file ${path.join(access, 'acl')}`,
    // As in deploy/mosquitto.conf.
    'max_inflight_messages 1000',
    'max_queued_messages 100000',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  const child: ChildProcess = spawn(process.env.BENCH_MOSQUITTO ?? 'mosquitto', ['-c', file], {
    stdio: 'ignore',
  });
  const stop = leaves(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  while (!(await canConnect(port))) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
    await pause(50);
  }
  return { account: { url: `mqtt://127.0.0.1:${port}`, ...server, protocol: 5 }, stop };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
