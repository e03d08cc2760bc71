import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { AreasService, type AreaKind, type CommuneSnapshot } from '../areas/index.js';
import { HamletsReader, type Settlement } from '../hamlets/index.js';
import { SitesService, type CellSnapshot } from '../sites/index.js';
import type { AskedParameters } from './coverage.types.js';
import { LandCoverSources } from './land-cover/land-cover-sources.js';
import { PopulationSources } from './people/population-sources.js';
import {
  pointsOfAreas,
  settlementCentres,
  type CoverageSnapshot,
  type PeoplePoints,
  type SnapshotArea,
  type SnapshotCell,
  type SnapshotParent,
  type SnapshotSite,
} from './domain/index.js';

/** The register at one instant, as a run wants it. */
export interface RegisterSnapshot {
  snapshot: CoverageSnapshot;
  /** Units of the snapshot by code. */
  units: Map<string, { id: string; kind: AreaKind }>;
  /** What units, where people live, sites and cells say they come from; sorted. */
  sources: string[];
  synthetic: boolean;
}

type AskedNetwork = Pick<AskedParameters, 'boundaryDate' | 'networkDate' | 'technologies' | 'operators'> &
  Partial<Pick<AskedParameters, 'populationSource' | 'landCoverSource' | 'waterSource'>>;

/** Takes the snapshots that runs are reckoned from. */
@Injectable()
export class RegisterSnapshots {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly sites: SitesService,
    private readonly hamlets: HamletsReader,
    private readonly populationSources: PopulationSources,
    private readonly landCoverSources: LandCoverSources,
  ) {}

  /** Areas, hamlets and network as of the same instant, whoever is changing them meanwhile. */
  async take(asked: AskedNetwork): Promise<RegisterSnapshot> {
    return this.uow.run(async ({ manager }) => {
      await manager.query('set transaction isolation level repeatable read');
      const communes = await this.areas.snapshotAt(asked.boundaryDate, manager);
      const cells = (await this.sites.snapshotCells(asked.networkDate, manager)).filter(
        ({ technology, operatorCode }) =>
          (asked.technologies?.includes(technology) ?? true) &&
          (asked.operators?.includes(operatorCode) ?? true),
      );
      const settlements = await this.hamlets.settlements(manager, asked.boundaryDate);
      const population = asked.populationSource ?? null;
      const sources = await this.sources(manager, communes, cells, [
        ...settlements,
        ...[population, asked.landCoverSource, asked.waterSource].flatMap((used) => used ?? []),
      ]);
      const ground = await this.landCoverSources.ground(asked, manager);
      const points = population && (await this.populationSources.points(population.id, manager));
      const { units, parents } = unitsOf(communes);
      const content = {
        areas: withPeople(areasOf(communes, settlements), points),
        parents,
        sites: sitesOf(cells),
      };
      return {
        snapshot: {
          dataVersion: versionOf(ground ? { ...content, ground: ground.key } : content),
          boundaryDate: asked.boundaryDate,
          ...content,
          ...(ground ? { ground } : {}),
        },
        units,
        sources,
        synthetic: sources.some(isSynthetic),
      };
    });
  }

  private async sources(
    manager: EntityManager,
    communes: readonly CommuneSnapshot[],
    cells: readonly CellSnapshot[],
    others: readonly { source: string | null }[],
  ): Promise<string[]> {
    const rows = await manager.query<{ source: string | null }[]>(
      `select source from areas where id = any($1::uuid[])
       union select source from sites where id = any($2::uuid[])
       union select source from cells where site_id = any($2::uuid[])`,
      [communes.map(({ id }) => id), [...new Set(cells.map(({ siteId }) => siteId))]],
    );
    return [...new Set([...rows, ...others].flatMap(({ source }) => source ?? []))].sort();
  }
}

/** Made up for a demonstration, as its source says. */
export function isSynthetic(source: string): boolean {
  return /synthetic/i.test(source);
}

/** Communes with their hamlets, about which part of their people live. */
function areasOf(communes: readonly CommuneSnapshot[], settlements: readonly Settlement[]): SnapshotArea[] {
  const byCommune = new Map<string, Settlement[]>();
  for (const settlement of settlements) {
    const known = byCommune.get(settlement.communeCode);
    if (known) known.push(settlement);
    else byCommune.set(settlement.communeCode, [settlement]);
  }
  return communes.map((commune) => ({
    code: commune.code,
    polygon: commune.boundary,
    population: commune.population,
    households: commune.households,
    centres: settlementCentres(byCommune.get(commune.code) ?? [], commune),
    parentCode: commune.districtCode ?? commune.provinceCode,
  }));
}

/** Each with the points of people that lie in it. */
function withPeople(areas: SnapshotArea[], points: PeoplePoints | null): SnapshotArea[] {
  if (!points) return areas;
  const found = pointsOfAreas(points, areas);
  const spread = points.spreadDeg ? { peopleSpreadDeg: points.spreadDeg } : {};
  return areas.map((area, i) => ({ ...area, people: found[i] ?? [], ...spread }));
}

function unitsOf(communes: readonly CommuneSnapshot[]): {
  units: RegisterSnapshot['units'];
  parents: SnapshotParent[];
} {
  const units: RegisterSnapshot['units'] = new Map();
  const parents = new Map<string, SnapshotParent>();
  for (const commune of communes) {
    const { districtId, districtCode, provinceId, provinceCode } = commune;
    units.set(commune.code, { id: commune.id, kind: 'commune' });
    if (districtId !== null && districtCode !== null) {
      units.set(districtCode, { id: districtId, kind: 'district' });
      parents.set(districtCode, { code: districtCode, kind: 'district', parentCode: provinceCode });
    }
    units.set(provinceCode, { id: provinceId, kind: 'province' });
    parents.set(provinceCode, { code: provinceCode, kind: 'province', parentCode: null });
  }
  return { units, parents: [...parents.values()].sort((a, b) => (a.code < b.code ? -1 : 1)) };
}

/** Sites in the order of their codes, with their cells. */
function sitesOf(cells: readonly CellSnapshot[]): SnapshotSite[] {
  const sites = new Map<string, Omit<SnapshotSite, 'cells'> & { cells: SnapshotCell[] }>();
  for (const cell of cells) {
    const { siteCode, lon, lat, structureHeightM } = cell;
    let site = sites.get(siteCode);
    if (!site) sites.set(siteCode, (site = { code: siteCode, lon, lat, structureHeightM, cells: [] }));
    site.cells.push(cellOf(cell));
  }
  return [...sites.values()];
}

const TILTS: readonly string[] = ['mechanicalTiltDeg', 'electricalTiltDeg'];

function cellOf(cell: CellSnapshot): SnapshotCell {
  const { mechanicalTiltDeg: mechanical, electricalTiltDeg: electrical } = cell;
  const tiltKnown = mechanical !== null || electrical !== null;
  // Of two tilts one alone may be known: the other then counts as none, and the sum as assumed.
  const tiltAssumed = tiltKnown && (mechanical === null || electrical === null);
  const assumed = cell.assumedFields.map((field) => (TILTS.includes(field) ? 'tiltDeg' : field));
  return {
    code: cell.code,
    operatorCode: cell.operatorCode,
    technology: cell.technology,
    frequencyMhz: cell.frequencyMhz,
    bandwidthMhz: cell.bandwidthMhz,
    azimuthDeg: cell.azimuthDeg,
    horizontalBeamwidthDeg: cell.horizontalBeamwidthDeg,
    verticalBeamwidthDeg: cell.verticalBeamwidthDeg,
    tiltDeg: tiltKnown ? (mechanical ?? 0) + (electrical ?? 0) : null,
    antennaHeightM: cell.antennaHeightM,
    txPowerDbm: cell.txPowerDbm,
    gainDbi: cell.gainDbi,
    feederLossDb: cell.feederLossDb,
    referenceEirpDbm: cell.referenceEirpDbm,
    assumedFields: [...new Set([...assumed, ...(tiltAssumed ? ['tiltDeg'] : [])])],
  };
}

/** The same register gives the same version, and any difference that a run could see another one. */
function versionOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}
