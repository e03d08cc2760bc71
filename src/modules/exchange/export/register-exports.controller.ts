import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { RequirePermission } from '../../identity/index.js';
import { ApiExport, AreasExportQuery, dayOf, FibreExportQuery, HOW, UnitExportQuery } from './exports.dto.js';
import { ExportsService } from './exports.service.js';
import { RegisterRows } from './register-rows.js';

const PLACE = { type: 'Point', coordinates: [105.4676, 9.7796] };

@ApiTags('exports')
@Controller('exports')
export class RegisterExportsController {
  constructor(
    private readonly exports: ExportsService,
    private readonly rows: RegisterRows,
  ) {}

  @Get('areas')
  @RequirePermission('areas:read')
  @ApiOperation({
    summary: 'Administrative units of all times as a table; an XLSX leaves their boundaries out',
    description: HOW,
  })
  @ApiExport('code,validFrom,validTo,name,kind,…\r\n31318,2020-01-01,2025-07-01,I,commune,…\r\n', {
    type: 'Feature',
    properties: { code: '31318', validFrom: '2020-01-01', name: 'I', kind: 'commune' },
    geometry: {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [105.4, 9.7],
            [105.6, 9.7],
            [105.6, 9.9],
            [105.4, 9.7],
          ],
        ],
      ],
    },
  })
  @ApiProblems(400, 429)
  async areas(@Query() { kind, date, ...how }: AreasExportQuery): Promise<StreamableFile> {
    return this.exports.send('areas', await this.rows.allAreas({ kind, date: dayOf(date) }), how);
  }

  @Get('hamlets')
  @RequirePermission('hamlets:read')
  @ApiOperation({ summary: 'Hamlets as a table, by code', description: HOW })
  @ApiExport('code,name,kind,lat,lon,…\r\n31318-01,Khu vực 1,khu_vuc,9.7796,105.4676,…\r\n', {
    type: 'Feature',
    properties: { code: '31318-01', name: 'Khu vực 1', kind: 'khu_vuc' },
    geometry: PLACE,
  })
  @ApiProblems(400, 404, 429)
  async hamlets(@Query() { unit, date, ...how }: UnitExportQuery): Promise<StreamableFile> {
    return this.exports.send('hamlets', await this.rows.hamlets({ unit, date: dayOf(date) }), how);
  }

  @Get('clusters')
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'Loudspeaker clusters as a table, by code', description: HOW })
  @ApiExport(
    'id,name,lat,lon,commune,hornCount,…\r\nhgi-31318-01,Cụm loa 1,9.7796,105.4676,Phường I,4,…\r\n',
    {
      type: 'Feature',
      properties: { id: 'hgi-31318-01', name: 'Cụm loa 1', hornCount: 4, hornPowersW: '30; 30; 15; 15' },
      geometry: PLACE,
    },
  )
  @ApiProblems(400, 404, 429)
  async clusters(@Query() { unit, date, ...how }: UnitExportQuery): Promise<StreamableFile> {
    return this.exports.send('clusters', await this.rows.clusters({ unit, date: dayOf(date) }), how);
  }

  @Get('loudspeakers')
  @RequirePermission('speakers:read')
  @ApiOperation({
    summary: 'Loudspeakers as a table: every horn of a cluster, then the FM and wired ones of communes',
    description: HOW,
  })
  @ApiExport(
    'clusterId,number,powerW,azimuthDeg,sensitivityDb,dispersionDeg,commune,kind,count,…\r\nhgi-31318-01,1,30,90,,,,ip,,…\r\n',
    {
      type: 'Feature',
      properties: { clusterId: 'hgi-31318-01', number: 1, powerW: 30, azimuthDeg: 90, kind: 'ip' },
      geometry: PLACE,
    },
  )
  @ApiProblems(400, 404, 429)
  async loudspeakers(@Query() { unit, date, ...how }: UnitExportQuery): Promise<StreamableFile> {
    return this.exports.send('loudspeakers', await this.rows.loudspeakers({ unit, date: dayOf(date) }), how);
  }

  @Get('fibre')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Fibre figures as a table, by quarter and commune', description: HOW })
  @ApiExport('communeCode,communeName,…,quarter,households,…\r\n31318,Phường I,…,2025Q2,2140,…\r\n', {
    type: 'Feature',
    properties: { communeCode: '31318', operatorCode: 'vnpt', quarter: '2025Q2', households: 2140 },
    geometry: null,
  })
  @ApiProblems(400, 404, 429)
  async fibre(@Query() { unit, date, quarter, ...how }: FibreExportQuery): Promise<StreamableFile> {
    const filter = { unit, date: dayOf(date), quarter: quarter?.replace('-', '') };
    return this.exports.send('fibre', await this.rows.fibre(filter), how);
  }
}
