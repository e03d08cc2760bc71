import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { RequirePermission } from '../../identity/index.js';
import { filterOf, SiteRowsReader } from '../../sites/index.js';
import { ApiExport, HOW, SitesExportQuery } from './exports.dto.js';
import { ExportsService } from './exports.service.js';

@ApiTags('exports')
@Controller('exports')
export class ExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly sites: SiteRowsReader,
  ) {}

  @Get('sites')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'Sites as a table, by code, narrowed as their list is', description: HOW })
  @ApiExport('code,name,lat,lon,…\r\nHGI-VTL-0001,Trạm Viettel phường I 1,9.7845,105.4701,…\r\n', {
    type: 'Feature',
    properties: { code: 'HGI-VTL-0001', name: 'Trạm Viettel phường I 1' },
    geometry: { type: 'Point', coordinates: [105.4701, 9.7845] },
  })
  @ApiProblems(400, 404, 429)
  async allSites(@Query() { format, headings, ...query }: SitesExportQuery): Promise<StreamableFile> {
    return this.exports.send('sites', await this.sites.sites(filterOf(query)), { format, headings });
  }

  @Get('cells')
  @RequirePermission('sites:read')
  @ApiOperation({
    summary: 'Cells as a table, by site and code, of the sites that the filter means',
    description: HOW,
  })
  @ApiExport(
    'siteCode,code,operatorCode,technology,…\r\nHGI-VTL-0001,HGI-VTL-0001-VTL-L18-1,viettel,4G,…\r\n',
    {
      type: 'Feature',
      properties: { siteCode: 'HGI-VTL-0001', code: 'HGI-VTL-0001-VTL-L18-1', technology: '4G' },
      geometry: { type: 'Point', coordinates: [105.4701, 9.7845] },
    },
  )
  @ApiProblems(400, 404, 429)
  async allCells(@Query() { format, headings, ...query }: SitesExportQuery): Promise<StreamableFile> {
    return this.exports.send('cells', await this.sites.cells(filterOf(query)), { format, headings });
  }
}
