import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { ReachSettings, type StoredReachSettings } from './reach-settings.js';
import { ChangeReachSettingsDto, REACH_SETTINGS_EXAMPLE, ReachSettingsDto } from './reach-settings.dto.js';

/** What runs of loudspeakers' reach take by default. */
@ApiTags('reach')
@Controller('reach/settings')
export class ReachSettingsController {
  constructor(private readonly settings: ReachSettings) {}

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'What runs of loudspeakers’ reach take by default, and who says so' })
  @ApiOkResponse({ type: ReachSettingsDto, example: REACH_SETTINGS_EXAMPLE })
  async read(): Promise<StoredReachSettings> {
    return this.settings.current();
  }

  @Get('versions')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Versions of the settings of loudspeakers’ reach, newest first' })
  @ApiPage(ReachSettingsDto, REACH_SETTINGS_EXAMPLE)
  @ApiProblems(400)
  async versions(@Query() { limit, cursor }: PageQuery): Promise<Page<StoredReachSettings>> {
    return this.settings.versions(limit, cursor);
  }

  @Patch()
  @RequirePermission('coverage:configure')
  @ApiOperation({
    summary: 'Change what runs take by default: noise by land cover, margin, horns; makes a new version',
  })
  @ApiOkResponse({ type: ReachSettingsDto, example: REACH_SETTINGS_EXAMPLE })
  @ApiProblems(400, 409)
  async change(
    @CurrentActor() actor: Actor,
    @Body() body: ChangeReachSettingsDto,
  ): Promise<StoredReachSettings> {
    return this.settings.change(actor.name, body);
  }
}
