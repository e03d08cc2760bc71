import { createHash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { BroadcastService, UrgentBroadcasts } from '../broadcasts/index.js';
import type { Actor } from '../identity/index.js';
import { type MediaAsset, MediaService } from '../media/index.js';
import { EmergencyReader, UUID } from './emergency.reader.js';
import { EmergencyTargets } from './emergency-targets.js';
import type { EmergencyView, Preparation } from './emergency.types.js';
import { rankOf, titleOf, type EmergencyKind } from './domain/hazards.js';
import { haveChanged, rungAfterMs } from './domain/ladder.js';
import { changed, expired, misused, noAudio, notAired, nothingSaid, unknown, wrongCode } from './problems.js';
import { EmergencyTemplates } from './templates.service.js';

const EXPIRES_MS = 5 * 60_000;
const DEFAULT_VALID_S = 300;
/** After so many wrong codes the preparation is void: there are a million. */
const WRONG_CODES_AT_MOST = 5;

interface Locked {
  id: string;
  codeHash: string;
  wrongCodes: number;
  expiresAt: Date;
  broadcastId: string | null;
  clusterIds: string[];
}

/** Emergencies in two steps: prepared with all that it will do, and aired by whoever has the code of the preparation. */
@Injectable()
export class EmergencyService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly targets: EmergencyTargets,
    private readonly media: MediaService,
    private readonly templates: EmergencyTemplates,
    private readonly urgent: UrgentBroadcasts,
    private readonly broadcasts: BroadcastService,
    private readonly reader: EmergencyReader,
  ) {}

  /** Nothing is heard yet. The code is given this once. @throws Problem 400, 403 */
  prepare(actor: Actor, input: Preparation): Promise<{ emergency: EmergencyView; confirmationCode: string }> {
    return this.uow.run((tx) => this.prepareIn(tx, actor, 'ALERT', input, null));
  }

  /** Prepares the end of the warning, for whom it was for. Airing it stops what is still heard of it. @throws Problem 409 */
  async prepareAllClear(
    actor: Actor,
    aboutId: string,
    input: Pick<Preparation, 'sha256' | 'title' | 'repeat' | 'gapS' | 'reason'>,
  ): Promise<{ emergency: EmergencyView; confirmationCode: string }> {
    return this.uow.run(async (tx) => {
      const { hazard, level, drill, target, volumePercent, validS, ...about } = await this.reader.get(
        aboutId,
        tx.manager,
      );
      if (about.broadcastId === null || about.kind === 'ALL_CLEAR') throw notAired();
      const again = { hazard: hazard ?? undefined, level: level ?? undefined };
      const title = input.title ?? (hazard === null ? about.title : undefined);
      return this.prepareIn(
        tx,
        actor,
        'ALL_CLEAR',
        { ...again, drill, target, volumePercent, validS, ...input, title },
        aboutId,
      );
    });
  }

  /** Airs it at once. Repeated, it answers the same and airs nothing. @throws Problem 400 (wrong code), 403, 404, 409 */
  async confirm(actor: Actor, id: string, code: string): Promise<EmergencyView> {
    // Apart: a wrong code counts although the request fails.
    await this.checkCode(id, code);
    return this.uow.run(async (tx) => {
      const locked = await this.lock(tx, id);
      if (locked.broadcastId === null) await this.air(tx, actor, locked);
      return this.reader.get(id, tx.manager);
    });
  }

  /** For everyone, at any time; what is over stays as it is. @throws Problem 403, 404, 409 when it is not on the air */
  async stop(actor: Actor, id: string): Promise<EmergencyView> {
    const { broadcastId } = await this.reader.get(id);
    if (broadcastId === null) throw notAired();
    return this.uow.run(async (tx) => {
      await this.broadcasts.stopIn(tx, actor, broadcastId);
      await endLadder(tx, id);
      return this.reader.get(id, tx.manager);
    });
  }

  private async prepareIn(
    tx: Tx,
    actor: Actor,
    kind: EmergencyKind,
    input: Preparation,
    aboutId: string | null,
  ): Promise<{ emergency: EmergencyView; confirmationCode: string }> {
    const { hazard = null, level = null, drill = false } = input;
    const text = input.title?.normalize('NFC').trim() || null;
    const reason = input.reason.normalize('NFC').trim();
    if ((hazard === null || level === null) && text === null) throw nothingSaid();
    const asset = await this.audio(tx, kind, { ...input, drill });
    const target = this.targets.settled(actor, input.target);
    const clusters = await this.targets.resolve(tx, actor, target);
    const [id, now, code] = [randomUUID(), new Date(), String(randomInt(1_000_000)).padStart(6, '0')];
    await tx.manager.query(
      `insert into emergencies (id, kind, hazard, level, title, drill, sha256, target, cluster_ids, summary, repeat, gap_s,
                                volume_percent, valid_s, reason, about_id, code_hash, prepared_at, prepared_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10::jsonb, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
      [
        id,
        kind,
        hazard,
        level,
        titleOf({ kind, drill, hazard, level, text }),
        drill,
        asset.sha256,
        JSON.stringify(target),
        clusters.map((cluster) => cluster.id),
        JSON.stringify(await this.targets.summary(tx, clusters)),
        input.repeat ?? 3,
        input.gapS ?? 5,
        input.volumePercent ?? null,
        input.validS ?? DEFAULT_VALID_S,
        reason,
        aboutId,
        hashOf(id, code),
        now,
        actor.name,
        new Date(now.getTime() + EXPIRES_MS),
      ],
    );
    const emergency = await this.reader.get(id, tx.manager);
    tx.emit(RESOURCE_CHANGED, {
      resource: 'emergency',
      id,
      action: 'create',
      before: null,
      after: { ...emergency },
      reason,
    });
    return { emergency, confirmationCode: code };
  }

  private async air(tx: Tx, actor: Actor, { id, clusterIds, expiresAt }: Locked): Promise<void> {
    const now = new Date();
    if (expiresAt <= now) throw expired();
    const view = await this.reader.get(id, tx.manager);
    const clusters = await this.targets.resolve(tx, actor, view.target);
    if (
      haveChanged(
        clusterIds,
        clusters.map((cluster) => cluster.id),
      )
    )
      throw changed();
    const asset = (await this.media.findMany(tx, [view.sha256])).get(view.sha256);
    if (!asset) throw noAudio();
    if (view.aboutId !== null) {
      const about = await this.reader.get(view.aboutId, tx.manager);
      if (about.broadcastId !== null) await this.broadcasts.stopIn(tx, actor, about.broadcastId);
      await endLadder(tx, view.aboutId);
    }
    const { broadcastId, commandIds } = await this.urgent.air(tx, {
      ...view,
      asset,
      class: view.drill ? 'PRIORITY' : 'EMERGENCY',
      rank: rankOf(view.level),
      clusters,
      areaOf: await this.targets.areasOf(tx, view.target, clusters),
      by: actor.name,
    });
    await tx.manager.query(
      `update emergencies set confirmed_at = $2, confirmed_by = $3, broadcast_id = $4, command_ids = $5, rung_due_at = $6
        where id = $1`,
      [id, now, actor.name, broadcastId, commandIds, new Date(now.getTime() + rungAfterMs(0))],
    );
    tx.emit(RESOURCE_CHANGED, {
      resource: 'emergency',
      id,
      action: 'update',
      before: { state: 'PREPARED' },
      after: { state: 'RUNNING', confirmedBy: actor.name, broadcastId, clusters: clusters.length },
      reason: view.reason,
    });
  }

  private async audio(
    tx: Tx,
    kind: EmergencyKind,
    { hazard, level, sha256, drill }: Preparation,
  ): Promise<MediaAsset> {
    const use = kind === 'ALL_CLEAR' ? 'ALL_CLEAR' : drill ? 'DRILL' : 'ALERT';
    const template =
      sha256 === undefined && hazard !== undefined && level !== undefined
        ? await this.templates.find(tx.manager, hazard, level, use)
        : undefined;
    const chosen = sha256 ?? template;
    const asset = chosen === undefined ? undefined : (await this.media.findMany(tx, [chosen])).get(chosen);
    if (!asset) throw noAudio();
    // What a drill says must not be what is said when it is meant.
    if (drill && (await this.templates.isUsedAs(tx.manager, asset.sha256, 'ALERT'))) throw misused();
    return asset;
  }

  private async checkCode(id: string, code: string): Promise<void> {
    const right = await this.uow.run(async (tx) => {
      const { codeHash, wrongCodes } = await this.lock(tx, id);
      if (wrongCodes >= WRONG_CODES_AT_MOST) return false;
      if (timingSafeEqual(Buffer.from(hashOf(id, code)), Buffer.from(codeHash))) return true;
      await tx.manager.query(`update emergencies set wrong_codes = wrong_codes + 1 where id = $1`, [id]);
      return false;
    });
    if (!right) throw wrongCode();
  }

  private async lock(tx: Tx, id: string): Promise<Locked> {
    const [row] = UUID.test(id)
      ? await tx.manager.query<Locked[]>(
          `select id, code_hash as "codeHash", wrong_codes as "wrongCodes", expires_at as "expiresAt",
                  broadcast_id as "broadcastId", cluster_ids as "clusterIds"
             from emergencies where id = $1 for update`,
          [id],
        )
      : [];
    if (!row) throw unknown(id);
    return row;
  }
}

async function endLadder(tx: Tx, id: string): Promise<void> {
  await tx.manager.query(`update emergencies set rung_due_at = null where id = $1`, [id]);
}

function hashOf(id: string, code: string): string {
  return createHash('sha256').update(`${id}/${code}`).digest('hex');
}
