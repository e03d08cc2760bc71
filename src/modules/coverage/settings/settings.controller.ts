import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../../identity/index.js';
import { CoverageSettings, type SettingsVersion, type StoredSettings } from './coverage-settings.js';
import {
  ChangeSettingsDto,
  SETTINGS_EXAMPLE,
  SETTINGS_VERSION_EXAMPLE,
  SettingsDto,
  SettingsQuery,
  SettingsVersionDto,
} from './settings.dto.js';

/** What coverage runs take by default. */
@ApiTags('coverage')
@Controller('coverage/settings')
export class CoverageSettingsController {
  constructor(private readonly settings: CoverageSettings) {}

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'What coverage runs take by default, and who says so; the newest version or an earlier one',
  })
  @ApiOkResponse({ type: SettingsDto, example: SETTINGS_EXAMPLE })
  @ApiProblems(400, 404)
  async read(@Query() { version }: SettingsQuery): Promise<StoredSettings> {
    return version === undefined ? this.settings.current() : this.settings.version(version);
  }

  @Get('versions')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Versions of the coverage settings, newest first: what each changed, and its source',
  })
  @ApiPage(SettingsVersionDto, SETTINGS_VERSION_EXAMPLE)
  @ApiProblems(400)
  async versions(@Query() { limit, cursor }: PageQuery): Promise<Page<SettingsVersion>> {
    return this.settings.versions(limit, cursor);
  }

  @Patch()
  @RequirePermission('coverage:configure')
  @ApiOperation({
    summary: 'Change what coverage runs take by default, each change with its source; makes a new version',
  })
  @ApiOkResponse({ type: SettingsDto, example: SETTINGS_EXAMPLE })
  @ApiProblems(400, 409)
  async change(@CurrentActor() actor: Actor, @Body() body: ChangeSettingsDto): Promise<StoredSettings> {
    return this.settings.change(actor.name, body);
  }
}
