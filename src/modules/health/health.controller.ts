import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { ApiProblems } from '../../common/http/api-docs.js';
import { Problem } from '../../common/http/problem.js';
import { Public } from '../identity/index.js';
import { ReadinessChecks } from './readiness-checks.js';

class LiveDto {
  @ApiProperty({ example: 'ok' }) status: 'ok';
}
class ReadyDto extends LiveDto {
  @ApiProperty({
    example: { database: 'ok', broker: 'ok' },
    additionalProperties: { type: 'string' },
    type: 'object',
  })
  checks: Record<string, 'ok'>;
}

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(@Inject(ReadinessChecks) private readonly checks: ReadinessChecks) {}

  @Get('health/live')
  @Public()
  @ApiOperation({ summary: 'Is the process alive' })
  @ApiOkResponse({ type: LiveDto })
  live(): LiveDto {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  @ApiOperation({ summary: 'Can the process serve: start-up finished, database and broker reached' })
  @ApiOkResponse({ type: ReadyDto })
  @ApiProblems(503)
  async ready(): Promise<ReadyDto> {
    const results = await this.checks.run();
    const failing = results.filter((r) => r.error !== undefined);
    if (failing.length > 0)
      throw new Problem(503, 'NOT_READY', {
        en: `Not ready: ${failing.map((r) => `${r.name} (${r.error})`).join(', ')}.`,
        vi: `Chưa sẵn sàng: ${failing.map((r) => r.name).join(', ')}.`,
      });
    return { status: 'ok', checks: Object.fromEntries(results.map((r) => [r.name, 'ok' as const])) };
  }

  @Get('metrics')
  @Public()
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiOkResponse({
    content: {
      'text/plain': { schema: { type: 'string' }, example: 'process_cpu_user_seconds_total 1.2\n' },
    },
  })
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', register.contentType);
    return register.metrics();
  }
}
