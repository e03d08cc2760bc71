import { pbkdf2, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { buildTopic, clusterPrefix, TOPIC_ROOT } from '../contract/index.js';
import { DeviceCredentials } from '../modules/identity/index.js';
import { ClusterService } from '../modules/speakers/index.js';

export const PASSWORD_FILE = 'passwords';
export const ACL_FILE = 'acl';

/** The account of the server itself. */
export interface ServerAccount {
  username: string;
  password: string;
}

const derive = promisify(pbkdf2);
/** What a cluster says about itself. */
const SPOKEN = ['state', 'birth', 'reported', 'ack', 'log', 'alarm/+'];

/**
 * The accounts and rights of the database in the form of Mosquitto's `password_file` and `acl_file` (rule 12). Mosquitto
 * reads them again on SIGHUP; whoever runs it sends that when the files change.
 */
@Injectable()
export class MosquittoFiles {
  private serverLine: { of: string; line: string } | undefined;

  constructor(
    private readonly credentials: DeviceCredentials,
    private readonly clusters: ClusterService,
  ) {}

  /** Each file is whole at any moment. Returns whether anything was written: what is there already stays as it is. */
  async write(dir: string, server: ServerAccount): Promise<boolean> {
    const { passwords, acl } = await this.contents(server);
    await fs.mkdir(dir, { recursive: true });
    const written = [
      await replace(path.join(dir, PASSWORD_FILE), passwords),
      await replace(path.join(dir, ACL_FILE), acl),
    ];
    return written.includes(true);
  }

  async contents(server: ServerAccount): Promise<{ passwords: string; acl: string }> {
    const chains = await this.clusters.areaChains();
    const verifiers = (await this.credentials.exportVerifiers()).filter(
      ({ deviceId }) => chains.has(deviceId) && deviceId !== server.username,
    );
    const passwords = [
      await this.lineOf(server),
      ...verifiers.map(({ deviceId, verifier }) => `${deviceId}:${verifier}`),
    ];
    const acl = [
      `user ${server.username}`,
      `topic readwrite ${TOPIC_ROOT}/#`,
      ...verifiers.flatMap(({ deviceId }) => ['', ...rightsOf(deviceId, chains.get(deviceId) ?? [])]),
    ];
    return { passwords: `${passwords.join('\n')}\n`, acl: `${acl.join('\n')}\n` };
  }

  /** The salt is new with each process, not with each writing: an unchanged file needs no SIGHUP. */
  private async lineOf({ username, password }: ServerAccount): Promise<string> {
    const of = JSON.stringify([username, password]);
    if (this.serverLine?.of !== of) {
      const salt = randomBytes(12);
      const hash = await derive(password, salt, 101, 64, 'sha512');
      const line = `${username}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}`;
      this.serverLine = { of, line };
    }
    return this.serverLine.line;
  }
}

function rightsOf(clusterId: string, areaChain: readonly string[]): string[] {
  const own = clusterPrefix(clusterId);
  return [
    `user ${clusterId}`,
    `topic read ${own}/#`,
    ...SPOKEN.map((leaf) => `topic write ${own}/${leaf}`),
    ...areaChain.map((areaCode) => `topic read ${buildTopic({ kind: 'areaCommand', areaCode })}`),
    `topic read ${buildTopic({ kind: 'serverState' })}`,
  ];
}

/** The broker runs under another user than this process, in a folder that is theirs alone: hence the mode. */
async function replace(file: string, text: string): Promise<boolean> {
  const present = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (present === text) return false;
  const temporary = `${file}.${process.pid}.tmp`;
  await fs.writeFile(temporary, text, { mode: 0o644 });
  await fs.rename(temporary, file);
  return true;
}
