import { AttributesService } from '../../src/modules/attributes/index.js';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseListener } from '../../src/common/database/listener.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { JobRunner } from '../../src/common/jobs/job-runner.js';
import { createLogger } from '../../src/common/logging/logger.js';
import type { LogRecord } from '../../src/contract/index.js';
import { AreasService } from '../../src/modules/areas/index.js';
import { BadMessages } from '../../src/modules/speakers/bad-messages.js';
import { ClusterCountsReader } from '../../src/modules/speakers/cluster-counts.reader.js';
import { ClusterReader } from '../../src/modules/speakers/cluster.reader.js';
import { ClusterService } from '../../src/modules/speakers/cluster.service.js';
import { ClusterWriter } from '../../src/modules/speakers/cluster.writer.js';
import { CommandService } from '../../src/modules/speakers/command.service.js';
import { DesiredDocuments } from '../../src/modules/speakers/desired-documents.js';
import { EmergencyKeys } from '../../src/modules/speakers/emergency-keys.js';
import { GroupService } from '../../src/modules/speakers/group.service.js';
import { PlainLoudspeakers } from '../../src/modules/speakers/plain-loudspeakers.js';
import { PlayLogService } from '../../src/modules/speakers/play-log.service.js';
import type { ClusterImport } from '../../src/modules/speakers/speakers.types.js';
import { TwinService } from '../../src/modules/speakers/twin.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

export const logger = createLogger({ level: 'silent' });

/** The services of the module over a database of their own, with a province of one district and two communes. */
export interface SpeakersWorld {
  database: TestDatabase;
  events: EventBus;
  uow: UnitOfWork;
  areas: AreasService;
  clusters: ClusterService;
  writer: ClusterWriter;
  groups: GroupService;
  plain: PlainLoudspeakers;
  commands: CommandService;
  playLog: PlayLogService;
  twins: TwinService;
  bad: BadMessages;
  /** Neither is started. */
  listener: DatabaseListener;
  jobs: JobRunner;
  province: string;
  district: string;
  communes: [string, string];
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  stop(): Promise<void>;
}

export async function createSpeakersWorld(): Promise<SpeakersWorld> {
  const database = await createTestDatabase();
  const keyFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-keys-'));
  const events = new EventBus((error) => {
    throw error;
  });
  const uow = new UnitOfWork(database.dataSource, events);
  const listener = new DatabaseListener(database.connection, logger);
  const jobs = new JobRunner(() => database.dataSource.manager, listener, logger);
  const areas = new AreasService(uow);
  const keys = new EmergencyKeys({ emergencyKeyFile: path.join(keyFolder, 'key.pem') });
  const documents = new DesiredDocuments(areas, keys);
  const commands = new CommandService(uow, events, keys);
  commands.onModuleInit();
  const playLog = new PlayLogService(uow, jobs);
  playLog.onModuleInit();
  const writer = new ClusterWriter(uow, areas, documents, new AttributesService(uow));
  const groups = new GroupService(uow, areas);
  const plain = new PlainLoudspeakers(uow, areas);
  const query = <T>(sql: string, parameters: unknown[] = []) =>
    database.dataSource.query<T[]>(sql, parameters);
  const area = async (code: string, kind: string, parent: string | null): Promise<string> => {
    const [row] = await query<{ id: string }>(
      `insert into areas (code, kind, type, name, full_name, parent_id, valid_from)
       values ($1, $2, 'x', $1, $1, $3, '2000-01-01') returning id`,
      [code, kind, parent],
    );
    return row!.id;
  };
  const province = await area('93', 'province', null);
  const district = await area('930', 'district', province);
  const communes: [string, string] = [
    await area('31318', 'commune', district),
    await area('31321', 'commune', district),
  ];
  return {
    database,
    events,
    uow,
    areas,
    clusters: new ClusterService(
      uow,
      areas,
      new ClusterReader(uow),
      writer,
      groups,
      plain,
      new ClusterCountsReader(uow),
    ),
    writer,
    groups,
    plain,
    commands,
    playLog,
    twins: new TwinService(uow, documents, commands, playLog),
    bad: new BadMessages(uow),
    listener,
    jobs,
    province,
    district,
    communes,
    query,
    stop: () => database.stop(),
  };
}

export function clusterRow(
  world: SpeakersWorld,
  id: string,
  more: Partial<ClusterImport> = {},
): ClusterImport {
  return {
    id,
    name: `Cụm loa ${id}`,
    lon: 105.47,
    lat: 9.78,
    areaId: world.communes[0],
    horns: [{ powerW: 30, azimuthDeg: 90 }],
    source: 'test',
    ...more,
  };
}

export const JOURNAL = 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50';

export function logRecord(seq: number, more: Partial<LogRecord> = {}): LogRecord {
  return {
    journal: JOURNAL,
    seq,
    kind: 'started',
    playId: randomUUID(),
    broadcastId: randomUUID(),
    occurrenceId: randomUUID(),
    class: 'NORMAL',
    at: '2026-03-02T17:00:00.012+07:00',
    clock: { synced: true, offsetMs: 4 },
    sha256: 'ab'.repeat(32),
    volumePercent: 70,
    positionS: 0,
    ...more,
  };
}
