import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import { Problem } from '../../common/http/problem.js';
import { RequirePermission } from '../identity/index.js';
import { byteRangeOf, type ByteRange } from './domain/byte-range.js';
import type { MediaAsset } from './media-asset.js';
import { MEDIA_EXAMPLE } from './media.dto.js';
import { MediaService } from './media.service.js';

/** Under a hash there is never anything else. Private: who fetches it must have shown a credential. */
const CACHE = 'private, max-age=31536000, immutable';

const BINARY = {
  content: {
    'audio/*': { schema: { type: 'string', format: 'binary' }, example: '(bytes of the audio file)' },
  },
} as const;

/** The bytes of audio files, for clusters and players alike: outside of the versioned API, by hash. */
@ApiTags('media')
@Controller('media/:sha256')
export class MediaFileController {
  constructor(private readonly media: MediaService) {}

  // Before GET, which would otherwise bring a HEAD of the framework's own.
  @Head()
  @RequirePermission('media:read')
  @ApiOperation({ summary: 'The headers of an audio file' })
  @ApiParam({ name: 'sha256', example: MEDIA_EXAMPLE.sha256 })
  @ApiResponse({ status: 200, description: 'Length, type and ETag' })
  @ApiProblems(404)
  async head(@Param('sha256') sha256: string, @Res() reply: FastifyReply): Promise<void> {
    const asset = await this.find(sha256);
    void headers(reply, asset).header('content-length', asset.bytes).send();
  }

  @Get()
  @RequirePermission('media:read')
  @ApiOperation({
    summary: 'Fetch an audio file',
    description:
      'One Range is honoured, with If-Range; ETag is the hash. A cluster uses its own credential (HTTP Basic).',
  })
  @ApiParam({ name: 'sha256', example: MEDIA_EXAMPLE.sha256 })
  @ApiHeader({ name: 'Range', required: false, example: 'bytes=65536-' })
  @ApiHeader({ name: 'If-Range', required: false, example: `"${MEDIA_EXAMPLE.sha256}"` })
  @ApiResponse({ status: 200, description: 'The whole file', ...BINARY })
  @ApiResponse({ status: 206, description: 'The bytes asked for', ...BINARY })
  @ApiResponse({ status: 304, description: 'If-None-Match names this file' })
  @ApiProblems(404, 416)
  async fetch(
    @Param('sha256') sha256: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asset = await this.find(sha256);
    if (matches(request.headers['if-none-match'], asset)) {
      void headers(reply.status(304), asset).send();
      return;
    }
    const range = wanted(request, asset);
    if (range.kind === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${asset.bytes}`);
      throw new Problem(416, 'RANGE', {
        en: `The range lies outside the file, which has ${asset.bytes} bytes.`,
        vi: `Khoảng byte nằm ngoài tệp (tệp có ${asset.bytes} byte).`,
      });
    }
    const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, asset.bytes - 1];
    const bytes = await this.media.read(asset, start, end);
    if (!bytes)
      throw new Problem(503, 'UNAVAILABLE', {
        en: 'The audio file is registered, but its bytes are not in this server’s media folder.',
        vi: 'Tệp âm thanh đã đăng ký nhưng không có trong thư mục media của máy chủ.',
      });
    if (range.kind === 'part')
      void reply.status(206).header('content-range', `bytes ${start}-${end}/${asset.bytes}`);
    void headers(reply, asset)
      .header('content-length', end - start + 1)
      .send(bytes);
  }

  private async find(sha256: string): Promise<MediaAsset> {
    const asset = await this.media.get(sha256);
    if (!asset) throw Problem.notFound({ en: 'audio file', vi: 'tệp âm thanh' }, sha256);
    return asset;
  }
}

function headers(reply: FastifyReply, asset: MediaAsset): FastifyReply {
  return reply
    .header('content-type', asset.contentType)
    .header('etag', `"${asset.sha256}"`)
    .header('cache-control', CACHE)
    .header('accept-ranges', 'bytes')
    .header('last-modified', asset.createdAt.toUTCString());
}

/** A range counts only for the file it was begun with. A date in If-Range is no proof of that (RFC 9110, 13.1.5). */
function wanted(request: FastifyRequest, asset: MediaAsset): ByteRange {
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== `"${asset.sha256}"`) return { kind: 'full' };
  return byteRangeOf(request.headers.range, asset.bytes);
}

function matches(ifNoneMatch: string | undefined, asset: MediaAsset): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(`"${asset.sha256}"`);
}
