import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { FibreQuarterDto, QUARTER_EXAMPLE } from './fibre-plan.dto.js';
import { quarterOrRefuse, versionOrRefuse } from './fibre-query.js';
import {
  CheckedSnapshotDto,
  CorrectionDto,
  ENTRY_EXAMPLE,
  FibreSnapshotDto,
  FibreSnapshotsDto,
  SNAPSHOT_EXAMPLE,
  SnapshotEntryDto,
} from './fibre-snapshots.dto.js';
import { FibreSnapshotsService, type CheckedSnapshot } from './fibre-snapshots.service.js';
import type { FibreSnapshot, SnapshotEntry } from './fibre-snapshots.store.js';

/** Quarters that are closed for good, and what is corrected of them. */
@ApiTags('fibre')
@Controller('fibre/quarters/:quarter')
export class FibreSnapshotsController {
  constructor(private readonly snapshots: FibreSnapshotsService) {}

  @Post('close')
  @HttpCode(200)
  @RequirePermission('fibre:close')
  @ApiOperation({
    summary: 'Close a quarter for good: its figures are kept as a snapshot that never changes',
  })
  @ApiOkResponse({ type: FibreQuarterDto, example: QUARTER_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async close(@CurrentActor() actor: Actor, @Param('quarter') quarter: string): Promise<FibreQuarterDto> {
    const { rows, madeAt, madeBy, version, sha256 } = await this.snapshots.close(
      actor,
      quarterOrRefuse(quarter),
    );
    return { quarter: quarterOrRefuse(quarter), rows, closedAt: madeAt, closedBy: madeBy, version, sha256 };
  }

  @Post('corrections')
  @HttpCode(200)
  @RequirePermission('fibre:close')
  @ApiOperation({ summary: 'Correct a closed quarter: a new version of its snapshot; the earlier ones stay' })
  @ApiOkResponse({ type: FibreSnapshotDto, example: SNAPSHOT_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async correct(
    @CurrentActor() actor: Actor,
    @Param('quarter') quarter: string,
    @Body() correction: CorrectionDto,
  ): Promise<FibreSnapshot> {
    return this.snapshots.correct(actor, quarterOrRefuse(quarter), correction);
  }

  @Get('snapshots')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'All versions of a closed quarter, the latest first' })
  @ApiOkResponse({ type: FibreSnapshotsDto, example: { items: [SNAPSHOT_EXAMPLE] } })
  @ApiProblems(400, 404)
  async versions(@Param('quarter') quarter: string): Promise<FibreSnapshotsDto> {
    return { items: await this.snapshots.versions(quarterOrRefuse(quarter)) };
  }

  @Get('snapshots/:version')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'One version of a closed quarter, with its sum checked' })
  @ApiOkResponse({ type: CheckedSnapshotDto, example: { ...SNAPSHOT_EXAMPLE, intact: true } })
  @ApiProblems(400, 404)
  async version(
    @Param('quarter') quarter: string,
    @Param('version') version: string,
  ): Promise<CheckedSnapshot> {
    return this.snapshots.version(quarterOrRefuse(quarter), versionOrRefuse(version));
  }

  @Get('snapshots/:version/rows')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'The rows of one version, with the units as they were' })
  @ApiPage(SnapshotEntryDto, ENTRY_EXAMPLE)
  @ApiProblems(400, 404)
  async rows(
    @Param('quarter') quarter: string,
    @Param('version') version: string,
    @Query() query: PageQuery,
  ): Promise<Page<SnapshotEntry>> {
    return this.snapshots.rows(quarterOrRefuse(quarter), versionOrRefuse(version), query);
  }
}
