import { Injectable } from '@nestjs/common';
import type { Sheet } from '../domain/sheet.js';
import type { Resource } from '../import.types.js';
import { CellsImporter } from './cells.importer.js';
import { ClustersImporter } from './clusters.importer.js';
import { HamletsImporter } from './hamlets.importer.js';
import type { Importer } from './importer.js';
import { LoudspeakersImporter } from './loudspeakers.importer.js';
import { SheetAttributes } from './sheet-attributes.js';
import { SitesImporter } from './sites.importer.js';

/** Which importer a resource has. */
@Injectable()
export class Importers {
  private readonly all: Readonly<Record<Resource, Importer>>;

  constructor(
    private readonly attributes: SheetAttributes,
    sites: SitesImporter,
    cells: CellsImporter,
    clusters: ClustersImporter,
    loudspeakers: LoudspeakersImporter,
    hamlets: HamletsImporter,
  ) {
    this.all = { sites, cells, clusters, loudspeakers, hamlets };
  }

  of(resource: Resource): Importer {
    return this.all[resource];
  }

  /** The columns that a resource has as a table at present: those of custom attributes come last. */
  async sheetOf(resource: Resource): Promise<Sheet> {
    return this.attributes.complete(resource, this.of(resource).sheet);
  }
}
