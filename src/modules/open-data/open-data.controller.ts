import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { ApiProblems } from '../../common/http/api-docs.js';
import { RequirePermission } from '../identity/index.js';
import { CollectionAccess, type CollectionSetting } from './collection-access.js';

export class CollectionSettingDto {
  @ApiProperty({ example: 'sites' }) id: string;
  @ApiProperty({ example: 'Mobile sites (masts)' }) title: string;
  @ApiProperty({ example: 'Trạm BTS (cột ăng-ten)' }) titleVi: string;
  @ApiProperty({ example: false, description: 'Anyone may read it, without signing in' }) public: boolean;
}

export class ChangeCollectionDto {
  @ApiProperty({ example: true, description: 'Anyone may read it, without signing in' })
  @IsBoolean()
  public: boolean;
}

/** Which collections of open data are public. */
@ApiTags('open data')
@Controller('open-data/collections')
export class OpenDataController {
  constructor(private readonly access: CollectionAccess) {}

  @Get()
  @RequirePermission('open-data:read')
  @ApiOperation({ summary: 'All collections of open data, and which of them are public' })
  @ApiOkResponse({ type: [CollectionSettingDto] })
  async list(): Promise<CollectionSetting[]> {
    return this.access.settings();
  }

  @Put(':collection')
  @RequirePermission('open-data:manage')
  @ApiOperation({ summary: 'Make a collection public, or not' })
  @ApiOkResponse({ type: CollectionSettingDto })
  @ApiProblems(400, 404)
  async change(
    @Param('collection') id: string,
    @Body() body: ChangeCollectionDto,
  ): Promise<CollectionSetting> {
    return this.access.setPublic(id, body.public);
  }
}
