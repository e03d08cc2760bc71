import { Injectable } from '@nestjs/common';
import type { Sheet } from '../domain/sheet.js';
import type { Resource } from '../import.types.js';
import { CellsImporter } from './cells.importer.js';
import { ClustersImporter } from './clusters.importer.js';
import type { Importer } from './importer.js';
import { LoudspeakersImporter } from './loudspeakers.importer.js';
import { SitesImporter } from './sites.importer.js';

/** Which importer a resource has. */
@Injectable()
export class Importers {
  private readonly all: Readonly<Record<Resource, Importer>>;

  constructor(
    sites: SitesImporter,
    cells: CellsImporter,
    clusters: ClustersImporter,
    loudspeakers: LoudspeakersImporter,
  ) {
    this.all = { sites, cells, clusters, loudspeakers };
  }

  of(resource: Resource): Importer {
    return this.all[resource];
  }

  /** The columns that a resource has as a table at present. */
  async sheetOf(resource: Resource): Promise<Sheet> {
    return this.of(resource).sheet;
  }
}
