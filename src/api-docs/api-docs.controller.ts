import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Controller, Get, Header, Inject, Param, StreamableFile } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/http/api-docs.js';
import { Problem } from '../common/http/problem.js';
import { Public } from '../modules/identity/index.js';
import { OpenApiDocument } from './openapi-document.js';

const SWAGGER_UI = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};
/** The page's own script is a file because inline ones are forbidden by the content security policy. */
const START = `window.onload = () => SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#ui', deepLinking: true });`;
const PAGE = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Phủ Sóng API</title>
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"><link rel="icon" href="/api/docs/assets/favicon-32x32.png">
</head>
<body><div id="ui"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script><script src="/api/docs/assets/start.js"></script>
</body>
</html>
`;

@ApiTags('documentation')
@Controller()
export class ApiDocsController {
  constructor(@Inject(OpenApiDocument) private readonly document: OpenApiDocument) {}

  @Get('api/v1/openapi.json')
  @Public()
  @ApiOperation({ summary: 'This document (OpenAPI 3.1)' })
  @ApiOkResponse({
    content: { 'application/json': { schema: { type: 'object' }, example: { openapi: '3.1.0' } } },
  })
  openApi(): object {
    return this.document.value;
  }

  @Get('api/docs')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiExcludeEndpoint()
  page(): string {
    return PAGE;
  }

  @Get('api/docs/assets/:name')
  @Public()
  @ApiExcludeEndpoint()
  @ApiParam({ name: 'name' })
  @ApiProblems(404)
  asset(@Param('name') name: string): StreamableFile {
    if (name === 'start.js')
      return new StreamableFile(Buffer.from(START), { type: 'text/javascript; charset=utf-8' });
    const type = ASSETS[name];
    if (!type) throw Problem.notFound({ en: 'file', vi: 'tệp' }, name);
    return new StreamableFile(fs.createReadStream(path.join(SWAGGER_UI, name)), { type });
  }
}
