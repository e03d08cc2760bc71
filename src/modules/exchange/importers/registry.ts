import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Sheet } from '../domain/sheet.js';
import type { Resource } from '../import.types.js';
import { AreasImporter } from './areas.importer.js';
import { CellsImporter } from './cells.importer.js';
import { ClustersImporter } from './clusters.importer.js';
import { FibreImporter } from './fibre.importer.js';
import { HamletsImporter } from './hamlets.importer.js';
import type { Importer } from './importer.js';
import { LoudspeakersImporter } from './loudspeakers.importer.js';
import { SheetAttributes } from './sheet-attributes.js';
import { SitesImporter } from './sites.importer.js';

const IMPORTERS: Readonly<Record<Resource, Type<Importer>>> = {
  sites: SitesImporter,
  cells: CellsImporter,
  clusters: ClustersImporter,
  loudspeakers: LoudspeakersImporter,
  hamlets: HamletsImporter,
  areas: AreasImporter,
  fibre: FibreImporter,
};

/** Which importer a resource has. */
@Injectable()
export class Importers {
  constructor(
    private readonly modules: ModuleRef,
    private readonly attributes: SheetAttributes,
  ) {}

  of(resource: Resource): Importer {
    return this.modules.get(IMPORTERS[resource]);
  }

  /** The columns that a resource has as a table at present: those of custom attributes come last. */
  async sheetOf(resource: Resource): Promise<Sheet> {
    return this.attributes.complete(resource, this.of(resource).sheet);
  }
}
