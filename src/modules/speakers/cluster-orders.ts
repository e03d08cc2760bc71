import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { DeviceCredentials, type Actor } from '../identity/index.js';
import { ClusterWriter } from './cluster.writer.js';
import { COMMAND_COLUMNS } from './command.reader.js';
import { CommandService } from './command.service.js';
import type { CommandView } from './speakers.types.js';

export type Order = { type: 'self-test' | 'reboot' | 'volume'; volumePercent?: number; validS?: number };

const VALID_S = 60;

/** What a person does to one cluster: orders and its credential, within their jurisdiction. */
@Injectable()
export class ClusterOrders {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly writer: ClusterWriter,
    private readonly commands: CommandService,
    private readonly credentials: DeviceCredentials,
  ) {}

  async order(actor: Actor, clusterId: string, order: Order): Promise<CommandView> {
    return this.uow.run(async (tx) => {
      const cluster = await this.writer.assertMayChange(actor, clusterId, tx.manager);
      const { type, volumePercent, validS } = order;
      const envelope = { clusterId, notAfter: new Date(Date.now() + (validS ?? VALID_S) * 1000) };
      if (type === 'volume') {
        if (volumePercent === undefined) throw missing();
        if (volumePercent > cluster.volumeCapPercent) throw tooLoud(cluster.volumeCapPercent);
      } else if (volumePercent !== undefined) throw pointless(type);
      const [id] = await this.commands.send(tx, [
        type === 'volume' ? { ...envelope, type, volumePercent: volumePercent! } : { ...envelope, type },
      ]);
      const [view] = await tx.manager.query<CommandView[]>(
        `select ${COMMAND_COLUMNS} from commands m where m.id = $1 and m.cluster_id = $2`,
        [id, clusterId],
      );
      return view!;
    });
  }

  /** A new secret; the one before is void. */
  async issueCredential(actor: Actor, clusterId: string): Promise<{ username: string; secret: string }> {
    return this.uow.run(async (tx) => {
      await this.writer.assertMayChange(actor, clusterId, tx.manager);
      return { username: clusterId, secret: await this.credentials.issue(tx, clusterId) };
    });
  }

  async revokeCredential(actor: Actor, clusterId: string): Promise<void> {
    await this.uow.run(async (tx) => {
      await this.writer.assertMayChange(actor, clusterId, tx.manager);
      if (!(await this.credentials.revoke(tx, clusterId)))
        throw Problem.notFound(
          { en: 'valid credential of', vi: 'thông tin đăng nhập còn hiệu lực của' },
          clusterId,
        );
    });
  }
}

function missing(): Problem {
  return Problem.invalidField('volumePercent', 'REQUIRED', {
    en: 'volumePercent must be given',
    vi: 'phải nhập volumePercent',
  });
}
function tooLoud(cap: number): Problem {
  return Problem.invalidField('volumePercent', 'CAP', {
    en: `volumePercent must not be above the cluster's cap of ${cap}`,
    vi: `volumePercent không được vượt quá giới hạn ${cap} của cụm loa`,
  });
}
function pointless(type: string): Problem {
  return Problem.invalidField('volumePercent', 'UNKNOWN_FIELD', {
    en: `volumePercent means nothing to ${type}`,
    vi: `volumePercent không có nghĩa với lệnh ${type}`,
  });
}
