import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedBroker } from '../../src/embedded/broker/embedded-broker.js';
import type { BrokerAccess, BrokerPrincipal } from '../../src/mqtt/access.js';
import { ACL_FILE, type MosquittoFiles, PASSWORD_FILE } from '../../src/mqtt/mosquitto-files.js';
import type { BrokerAccount } from '../../src/mqtt/transport.js';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';

/** A broker that a test may stop and start again on its port. */
export interface TestBroker {
  account: BrokerAccount;
  port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Makes changed accounts and rights count. */
  refresh(): Promise<void>;
}
export type BrokerKind = 'embedded' | 'mosquitto over 3.1.1' | 'mosquitto over 5';

/** Mosquitto joins in when TEST_MOSQUITTO names its program. */
export const BROKERS: BrokerKind[] = [
  'embedded',
  ...(process.env.TEST_MOSQUITTO ? (['mosquitto over 3.1.1', 'mosquitto over 5'] as const) : []),
];

export async function testBroker(
  kind: BrokerKind,
  access: BrokerAccess,
  files: MosquittoFiles,
): Promise<TestBroker> {
  const port = await freePort();
  return kind === 'embedded'
    ? embedded(port, access)
    : mosquitto(port, access, files, kind.endsWith('5') ? 5 : 4);
}

function embedded(port: number, access: BrokerAccess): TestBroker {
  let broker: EmbeddedBroker<BrokerPrincipal> | undefined;
  access.onRightsChanged((username) => void broker?.disconnect(username));
  return {
    account: { url: `mqtt://127.0.0.1:${port}`, ...access.server, protocol: 4 },
    port,
    start: async () => {
      broker = new EmbeddedBroker<BrokerPrincipal>({
        host: '127.0.0.1',
        port,
        log: () => undefined,
        maxPayloadBytes: 512 * 1024,
        authenticate: (credentials) => access.authenticate(credentials),
        authorizePublish: (principal, topic) => access.authorizePublish(principal, topic),
        authorizeSubscribe: (principal, filter) => access.authorizeSubscribe(principal, filter),
      });
      await broker.start();
    },
    stop: async () => {
      await broker?.stop();
      broker = undefined;
    },
    refresh: async () => undefined,
  };
}

function mosquitto(port: number, access: BrokerAccess, files: MosquittoFiles, protocol: 4 | 5): TestBroker {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-mosquitto-'));
  const config = path.join(dir, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${path.join(dir, PASSWORD_FILE)}`,
    `acl_file ${path.join(dir, ACL_FILE)}`,
    'max_queued_messages 100000',
    'max_inflight_messages 1000',
    // Started by root it becomes another user, who could not read the files of the test.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  fs.writeFileSync(config, `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    child = undefined;
  };
  return {
    account: { url: `mqtt://127.0.0.1:${port}`, ...access.server, protocol },
    port,
    start: async () => {
      await files.write(dir, access.server);
      child = spawn(process.env.TEST_MOSQUITTO!, ['-c', config], { stdio: 'ignore' });
      await until(() => canConnect(port), { what: 'mosquitto listens' });
    },
    stop,
    refresh: async () => {
      await files.write(dir, access.server);
      child?.kill('SIGHUP');
    },
  };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => undefined);
    socket.once('connect', () => socket.destroy());
  });
}
