import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { RequirePermission } from '../../identity/index.js';
import type { LayerView } from '../coverage.types.js';
import { csvLines } from './csv.js';
import { HamletStatusReader, type HamletCount, type HamletStatus } from './hamlets.reader.js';
import {
  HAMLET_COUNTS_EXAMPLE,
  HAMLET_STATUS_EXAMPLE,
  HamletCountsDto,
  HamletsQuery,
  HamletStatusDto,
  HamletTableQuery,
  REGIONS_EXAMPLE,
  RegionsDto,
  RegionsQuery,
  VIEW_EXAMPLE,
} from './places.dto.js';
import { ApiAnswer, type Answer, type ProvenanceDto } from './provenance.js';
import { RegionsReader, type RegionsPage } from './regions.reader.js';

const COLUMNS = [
  'code',
  'name',
  'communeCode',
  'communeName',
  'lon',
  'lat',
  'households',
  'levelDbm',
  'levelClass',
  'signal',
  'operator',
  'site',
  'reportedSignal',
  'reportedOn',
  'reportedBy',
  'agreement',
  'technology',
  'environment',
  'probability',
  'runId',
  'dataVersion',
] as const;

/** Where coverage is missing: regions of the grid, and hamlets. */
@ApiTags('coverage')
@Controller('coverage/runs')
export class RunPlacesController {
  constructor(
    private readonly regions: RegionsReader,
    private readonly hamlets: HamletStatusReader,
  ) {}

  @Get(':id/regions')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Connected ground that nobody or hardly anybody serves, with most people first, as GeoJSON',
  })
  @ApiOkResponse({ type: RegionsDto, example: REGIONS_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async regionsOf(
    @Param('id') id: string,
    @Query() { limit, cursor, ...request }: RegionsQuery,
  ): Promise<RegionsPage> {
    return this.regions.regions(id, request, { limit, cursor });
  }

  @Get(':id/hamlets')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'What each hamlet receives at its community house, beside what was reported of it',
  })
  @ApiAnswer(HamletStatusDto, HAMLET_STATUS_EXAMPLE, VIEW_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async hamletsOf(
    @Param('id') id: string,
    @Query() { limit, cursor, ...request }: HamletsQuery,
  ): Promise<Answer<HamletStatus> & LayerView> {
    return this.hamlets.list(id, request, { limit, cursor });
  }

  @Get(':id/hamlets/counts')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Hamlets without signal, with a weak one and served, by commune' })
  @ApiOkResponse({ type: HamletCountsDto, example: HAMLET_COUNTS_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async countsOf(
    @Param('id') id: string,
    @Query() request: HamletTableQuery,
  ): Promise<LayerView & { provenance: ProvenanceDto; items: HamletCount[] }> {
    return this.hamlets.counts(id, request);
  }

  @Get(':id/hamlets.csv')
  @RequirePermission('coverage:read')
  @Header('content-type', 'text/csv; charset=utf-8')
  @ApiOperation({ summary: 'The same as a table: UTF-8, levels in dBm, each line with its run' })
  @ApiOkResponse({
    content: {
      'text/csv': { schema: { type: 'string' }, example: `${COLUMNS.join(',')}\r\n31339-A1,Ấp 1,…\r\n` },
    },
  })
  @ApiProblems(400, 404, 409)
  async tableOf(@Param('id') id: string, @Query() request: HamletTableQuery): Promise<string> {
    const { run, view, hamlets } = await this.hamlets.all(id, request);
    const { technology, environment, probability } = view;
    return csvLines(
      COLUMNS,
      hamlets.map(({ networks: _networks, ...hamlet }) => ({
        ...hamlet,
        technology,
        environment,
        probability,
        runId: run.id,
        dataVersion: run.manifest.dataVersion,
      })),
    );
  }
}
