import type { Readable } from 'node:stream';
import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { MEDIA_TYPES } from '../exchange/index.js';
import { RequirePermission } from '../identity/index.js';
import { reportPage } from './report-page.js';
import { playsFile, reportFile } from './report-sheets.js';
import {
  PLAY_EXAMPLE,
  playDto,
  PlayProofDto,
  PlayReportDto,
  REPORT_EXAMPLE,
  reportDto,
} from './report-views.dto.js';
import {
  PlaysFileQuery,
  PlaysQuery,
  ReportFileQuery,
  type ReportFormat,
  ReportQuery,
  scopeOf,
} from './reports.dto.js';
import { ReportsReader } from './reports.reader.js';

const FILE_CONTENT = (csv: string) => ({
  [MEDIA_TYPES.csv]: { schema: { type: 'string' as const }, example: csv },
  [MEDIA_TYPES.xlsx]: { schema: { type: 'string' as const, format: 'binary' } },
});
const HARMLESS = 'Texts that a table program would take for a formula stand behind an apostrophe.';

@ApiTags('reports')
@Controller('reports/plays')
export class ReportsController {
  constructor(private readonly reports: ReportsReader) {}

  @Get()
  @RequirePermission('broadcasts:read')
  @ApiOperation({
    summary: 'What was played, counted',
    description:
      'By unit, month, programme, cluster, as asked for. Only the clusters’ own words count as played; a play of which nothing was heard is UNKNOWN, with the age of the last word of its cluster. A past report keeps the units of its time.',
  })
  @ApiOkResponse({ type: PlayReportDto, example: REPORT_EXAMPLE })
  @ApiProblems(400, 404)
  async report(@Query() query: ReportQuery): Promise<PlayReportDto> {
    return reportDto(await this.reports.report(scopeOf(query, 'report'), query.groupBy));
  }

  @Get('file')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'What was played, counted, as a table with a total', description: HARMLESS })
  @ApiOkResponse({
    description: 'The file',
    content: FILE_CONTENT('Mã đơn vị,Đơn vị,Tổng lượt phát,…\r\n31318,Phường I,124,…\r\n'),
  })
  @ApiProblems(400, 404)
  async file(@Query() query: ReportFileQuery): Promise<StreamableFile> {
    const scope = scopeOf(query, 'report');
    const report = await this.reports.report(scope, query.groupBy);
    return sent(reportFile(report, query), 'bao-cao-phat-thanh', scope.period, query.format);
  }

  @Get('page')
  @RequirePermission('broadcasts:read')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'What was played, counted, as a page to print (A4, in Vietnamese)' })
  @ApiOkResponse({
    description: 'The page',
    content: {
      'text/html': {
        schema: { type: 'string' },
        example: '<!doctype html><html lang="vi">…<h1>BÁO CÁO KẾT QUẢ PHÁT THANH</h1>…</html>',
      },
    },
  })
  @ApiProblems(400, 404)
  async page(@Query() query: ReportQuery): Promise<string> {
    return reportPage(await this.reports.report(scopeOf(query, 'report'), query.groupBy));
  }

  @Get('records')
  @RequirePermission('broadcasts:read')
  @ApiOperation({
    summary: 'Every play at every cluster, by time',
    description:
      'With the times by the cluster’s clock and its offset, what was ordered and what sounded, how loud, and who approved it. At most 62 days.',
  })
  @ApiPage(PlayProofDto, PLAY_EXAMPLE)
  @ApiProblems(400, 404)
  async records(@Query() { limit, cursor, ...query }: PlaysQuery): Promise<Page<PlayProofDto>> {
    const page = await this.reports.plays(scopeOf(query, 'plays'), { limit, cursor });
    const now = new Date();
    return { ...page, items: page.items.map((play) => playDto(play, now)) };
  }

  @Get('records/file')
  @RequirePermission('broadcasts:read')
  @ApiOperation({
    summary: 'Every play at every cluster, as a table',
    description: `Times are those of Việt Nam. At most 62 days. ${HARMLESS}`,
  })
  @ApiOkResponse({
    description: 'The file, sent while it is read',
    content: FILE_CONTENT('Giờ phát theo kế hoạch,Bản tin,…\r\n2027-03-02 05:00:00,Bản tin sáng,…\r\n'),
  })
  @ApiProblems(400, 404)
  async recordsFile(@Query() query: PlaysFileQuery): Promise<StreamableFile> {
    const scope = scopeOf(query, 'plays');
    const plays = await this.reports.allPlays(scope);
    return sent(playsFile(plays, query, new Date()), 'luot-phat', scope.period, query.format);
  }
}

function sent(
  stream: Readable,
  name: string,
  { firstDay, lastDay }: { firstDay: string; lastDay: string },
  format: ReportFormat,
): StreamableFile {
  return new StreamableFile(stream, {
    type: MEDIA_TYPES[format],
    disposition: `attachment; filename="${name}-${firstDay}-${lastDay}.${format}"`,
  });
}
