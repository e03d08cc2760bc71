import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseEnumPipe,
  ParseUUIDPipe,
  Put,
  Query,
} from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { AreasService } from '../areas/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { PlainLoudspeakers, type PlainLoudspeakersRow } from './plain-loudspeakers.js';
import { PLAIN_KINDS, type PlainKind } from './speakers.types.js';

const EXAMPLE = {
  areaId: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
  areaCode: '31318',
  areaName: 'Phường I',
  kind: 'fm',
  count: 18,
  source: 'synthetic demo',
};
const KINDS = { fm: 'fm', wired: 'wired' } as const;

class PlainLoudspeakersDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: EXAMPLE.areaCode }) areaCode: string;
  @ApiProperty({ example: EXAMPLE.areaName }) areaName: string;
  @ApiProperty({ enum: PLAIN_KINDS, example: 'fm' }) kind: PlainKind;
  @ApiProperty({ example: 18 }) count: number;
  @ApiProperty({ example: EXAMPLE.source }) source: string;
}
class PlainLoudspeakersQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Id or code of a unit; those below it are included' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
}
class PutPlainLoudspeakersDto {
  @ApiProperty({ example: 18 }) @IsInt() @Min(0) @Max(1_000_000) count: number;
  @ApiPropertyOptional({ example: 'Kiểm kê 2026' }) @IsOptional() @IsString() @MaxLength(500) source?: string;
}

@ApiTags('speakers')
@Controller('plain-loudspeakers')
export class PlainLoudspeakersController {
  constructor(
    private readonly plain: PlainLoudspeakers,
    private readonly areas: AreasService,
  ) {}

  @Get()
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'FM and wired loudspeakers by unit: inventory only' })
  @ApiPage(PlainLoudspeakersDto, EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() { unit, ...page }: PlainLoudspeakersQuery): Promise<Page<PlainLoudspeakersRow>> {
    const areaIds =
      unit === undefined ? undefined : await this.areas.descendantIds((await this.areas.resolve(unit)).id);
    return this.plain.list({ ...page, areaIds });
  }

  @Put(':areaId/:kind')
  @HttpCode(204)
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Say how many of a kind a unit has' })
  @ApiNoContentResponse()
  @ApiProblems(400, 404)
  async put(
    @CurrentActor() actor: Actor,
    @Param('areaId', ParseUUIDPipe) areaId: string,
    @Param('kind', new ParseEnumPipe(KINDS)) kind: PlainKind,
    @Body() { count, source }: PutPlainLoudspeakersDto,
  ): Promise<void> {
    await this.plain.put(actor, { areaId, kind, count, source: source ?? '' });
  }
}
