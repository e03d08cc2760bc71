import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { buildAsyncApi, type JsonObject } from '../contract/index.js';
import { Public } from '../modules/identity/index.js';

/** Of the protocol, which stands in the topics' root too. */
const PROTOCOL_VERSION = '1.0.0';

/** The document that is served, and committed as docs/asyncapi.json. */
export function asyncApiDocument(): JsonObject {
  return buildAsyncApi({ version: PROTOCOL_VERSION });
}

@ApiTags('documentation')
@Controller('asyncapi.json')
export class AsyncApiController {
  @Get()
  @Public()
  @ApiOperation({ summary: 'What clusters and server say to each other over MQTT (AsyncAPI 3)' })
  @ApiOkResponse({
    content: {
      'application/json': {
        schema: { type: 'object' },
        example: {
          asyncapi: '3.0.0',
          info: { title: 'Phủ Sóng cluster protocol', version: PROTOCOL_VERSION },
        },
      },
    },
  })
  document(): JsonObject {
    return asyncApiDocument();
  }
}
