import { createHash } from 'node:crypto';
import { Body, Controller, Get, Header, Headers, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import {
  CALENDAR_EXAMPLE,
  CALENDAR_FILE_EXAMPLE,
  CalendarDto,
  CalendarQuery,
  DraftsDto,
  ReadCalendarDto,
} from './calendar.dto.js';
import { ProgrammeCalendar } from './calendar.reader.js';
import { readCalendar } from './ical/read-calendar.js';
import { PROGRAMME_EXAMPLE, type ProgrammeDto } from './programme-views.dto.js';
import { ProgrammesWriter } from './programmes.writer.js';

const LONGEST_PERIOD_MS = 400 * 24 * 3600_000;

const AS_READ = {
  state: 'DRAFT',
  items: [],
  target: null,
  contentHash: null,
  renditionSha256: null,
  durationS: null,
};

@ApiTags('programmes')
@Controller()
export class ProgrammeCalendarController {
  constructor(
    private readonly calendar: ProgrammeCalendar,
    private readonly writer: ProgrammesWriter,
  ) {}

  @Get('programmes/calendar')
  @RequirePermission('programmes:read')
  @ApiOperation({
    summary: 'What begins when',
    description:
      'The occurrences of all programmes in a period, drafts too, by programme; no template, and nothing cancelled. What the policies of units forbid is said when a programme is submitted or its time comes.',
  })
  @ApiOkResponse({ type: CalendarDto, example: CALENDAR_EXAMPLE })
  @ApiProblems(400, 404)
  async between(@Query() query: CalendarQuery): Promise<CalendarDto> {
    const lengthMs = query.to.getTime() - query.from.getTime();
    if (!(lengthMs > 0 && lengthMs <= LONGEST_PERIOD_MS))
      throw Problem.invalidField('to', 'PERIOD', {
        en: 'to must be after from, by at most 400 days',
        vi: 'to phải sau from, không quá 400 ngày',
      });
    return { items: await this.calendar.between(query) };
  }

  @Post('programmes/calendar')
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Make drafts of the events of an iCalendar file (RFC 5545)',
    description:
      'One draft each, with its title, class (CATEGORIES) and schedule; what is played and where is to be said then. Times of other zones become times of Việt Nam. Nothing is made of a file with an event that is not understood: all of them are named (400). Cancelled events are left out.',
  })
  @ApiCreatedResponse({
    type: DraftsDto,
    example: { items: [{ ...PROGRAMME_EXAMPLE, ...AS_READ }] },
  })
  @ApiProblems(400)
  async read(@CurrentActor() actor: Actor, @Body() { calendar, area }: ReadCalendarDto): Promise<DraftsDto> {
    const { programmes, problems } = readCalendar(calendar);
    if (problems.length > 0)
      throw Problem.invalid(
        problems.map(({ field, code, en, vi }) => fieldProblem(`calendar.${field}`, code, { en, vi })),
      );
    const items: ProgrammeDto[] = [];
    for (const { title, class: kind, schedule } of programmes)
      items.push(
        await this.writer.create(actor, {
          title,
          class: kind,
          schedule,
          ...(area === undefined ? {} : { area }),
        }),
      );
    return { items };
  }

  @Get('areas/:area/programmes.ics')
  @RequirePermission('programmes:read')
  @Header('cache-control', 'private, no-cache')
  @ApiOperation({
    summary: 'The programmes of a unit as a calendar to subscribe to (RFC 5545)',
    description:
      'Those of the unit, of all below it, and those from above that are heard there, once submitted: TENTATIVE until they are approved. Has an ETag; 304 with If-None-Match. Calendars that cannot sign in take it with an API key.',
  })
  @ApiParam({ name: 'area', description: 'By code or id', example: '31333' })
  @ApiOkResponse({
    content: { 'text/calendar': { schema: { type: 'string' }, example: CALENDAR_FILE_EXAMPLE } },
  })
  @ApiResponse({ status: 304, description: 'It is as it was' })
  @ApiProblems(404)
  async feed(
    @Param('area') area: string,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const text = await this.calendar.feed(area);
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    void reply.header('etag', etag);
    const knows = (known ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
    if (knows) return void reply.status(304).send();
    void reply
      .header('content-type', 'text/calendar; charset=utf-8')
      .header('content-disposition', 'inline; filename="programmes.ics"')
      .send(text);
  }
}
