import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { type Page, PageQuery } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { RequirePermission } from '../identity/index.js';
import { MEDIA_EXAMPLE, MediaDto, mediaDto } from './media.dto.js';
import { MediaService } from './media.service.js';
import { receiveUpload } from './upload.js';

const PARAM = { name: 'sha256', example: MEDIA_EXAMPLE.sha256 };

@ApiTags('media')
@Controller('media')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @Post()
  @RequirePermission('media:write')
  @ApiOperation({
    summary: 'Upload an audio file',
    description:
      'WAV, MP3, AAC (also in MP4), Opus or FLAC. The file is decoded whole: what is no audio, empty or silent is refused. The same bytes again are the same asset (200).',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        title: { type: 'string', maxLength: 200, description: 'Default: the name of the file' },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  @ApiCreatedResponse({ type: MediaDto, example: MEDIA_EXAMPLE })
  @ApiOkResponse({ type: MediaDto, example: MEDIA_EXAMPLE, description: 'These bytes were there already' })
  @ApiProblems(400, 413, 415)
  async upload(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MediaDto> {
    const { received, title } = await receiveUpload(request, this.media);
    const { asset, created } = await this.media.accept(received, { title, source: 'UPLOAD' });
    void reply.status(created ? 201 : 200);
    return mediaDto(asset);
  }

  @Get()
  @RequirePermission('media:read')
  @ApiOperation({ summary: 'Audio files, newest first' })
  @ApiPage(MediaDto, MEDIA_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { limit, cursor }: PageQuery): Promise<Page<MediaDto>> {
    const page = await this.media.list(limit, cursor);
    return { ...page, items: page.items.map(mediaDto) };
  }

  @Get(':sha256/info')
  @RequirePermission('media:read')
  @ApiOperation({ summary: 'What is known of an audio file' })
  @ApiParam(PARAM)
  @ApiOkResponse({ type: MediaDto, example: MEDIA_EXAMPLE })
  @ApiProblems(404)
  async info(@Param('sha256') sha256: string): Promise<MediaDto> {
    const asset = await this.media.get(sha256);
    if (!asset) throw Problem.notFound({ en: 'audio file', vi: 'tệp âm thanh' }, sha256);
    return mediaDto(asset);
  }
}
