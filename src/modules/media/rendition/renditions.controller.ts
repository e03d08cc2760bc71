import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { Problem } from '../../../common/http/problem.js';
import { type Actor, CurrentActor, RequirePermission } from '../../identity/index.js';
import { speakable } from '../domain/speakable/speakable.js';
import { MediaDto, mediaDto } from '../media.dto.js';
import { SpeechEngine } from '../speech/speech-engine.js';
import { RenditionService, type Rendered } from './rendition.service.js';
import {
  CHECK_EXAMPLE,
  NewRenditionDto,
  RECIPE_EXAMPLE,
  RecipeDto,
  RENDITION_EXAMPLE,
  renditionItem,
  SPOKEN_EXAMPLE,
  SpeechCheckDto,
  SpeechDto,
  SpeechTextDto,
  SpokenMediaDto,
  VOICES_EXAMPLE,
  VoicesDto,
} from './renditions.dto.js';

const TITLE_LENGTH = 80;
const AGAIN =
  'The answer comes when the file is there: mostly within seconds, after 180 s at the latest. One that was cut off may be sent again: nothing is made twice.';

@ApiTags('media')
@Controller('media')
export class RenditionsController {
  constructor(
    private readonly renditions: RenditionService,
    private readonly engine: SpeechEngine,
  ) {}

  @Get('speech/voices')
  @RequirePermission('media:read')
  @ApiOperation({ summary: 'The voices that texts can be spoken with' })
  @ApiOkResponse({ type: VoicesDto, example: VOICES_EXAMPLE })
  voices(): VoicesDto {
    return { engine: this.engine.version() ?? null, voices: this.engine.voices() };
  }

  @Post('speech/check')
  @HttpCode(200)
  @RequirePermission('media:write')
  @ApiOperation({
    summary: 'How a text will be said, and what in it cannot be',
    description: 'Makes no sound and keeps nothing.',
  })
  @ApiOkResponse({ type: SpeechCheckDto, example: CHECK_EXAMPLE })
  @ApiProblems(400)
  check(@Body() { text }: SpeechTextDto): SpeechCheckDto {
    const { spokenText, problems } = speakable(text);
    return {
      spokenText,
      problems: problems.map(({ message, ...problem }) => ({
        ...problem,
        message: message.en,
        messageVi: message.vi,
      })),
    };
  }

  @Post('speech')
  @RequirePermission('media:write')
  @ApiOperation({
    summary: 'Speak a text, to listen to it and to use it',
    description: `The same text and voice again are the same asset (200). ${AGAIN}`,
  })
  @ApiCreatedResponse({ type: SpokenMediaDto, example: SPOKEN_EXAMPLE })
  @ApiOkResponse({ type: SpokenMediaDto, example: SPOKEN_EXAMPLE, description: 'It had been spoken already' })
  @ApiProblems(400, 503)
  async speak(
    @CurrentActor() actor: Actor,
    @Body() { text, voice, wordsPerMinute, title }: SpeechDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SpokenMediaDto> {
    const named = title ?? (beginningOf(text) || 'Văn bản');
    const rendered = await this.renditions
      .renderOnce(actor, named, [{ kind: 'speech', text, voice, wordsPerMinute }])
      .catch(withoutItem);
    const [item] = rendered.recipe.items;
    return { ...answer(rendered, reply), spokenText: item?.kind === 'speech' ? item.spokenText : '' };
  }

  @Post('renditions')
  @RequirePermission('media:write')
  @ApiOperation({
    summary: 'Make one audio file of audio, speech and pauses',
    description: `MP3, one channel, 24 kHz, all items equally loud, peaks limited. The same items again are the same asset with its first title (200). ${AGAIN}`,
  })
  @ApiCreatedResponse({ type: MediaDto, example: RENDITION_EXAMPLE })
  @ApiOkResponse({ type: MediaDto, example: RENDITION_EXAMPLE, description: 'It had been made already' })
  @ApiProblems(400, 503)
  async render(
    @CurrentActor() actor: Actor,
    @Body() { title, items }: NewRenditionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MediaDto> {
    return answer(await this.renditions.renderOnce(actor, title, items.map(renditionItem)), reply);
  }

  @Get(':sha256/recipe')
  @RequirePermission('media:read')
  @ApiOperation({ summary: 'What a rendition is made of' })
  @ApiParam({ name: 'sha256', example: RENDITION_EXAMPLE.sha256 })
  @ApiOkResponse({ type: RecipeDto, example: RECIPE_EXAMPLE })
  @ApiProblems(404)
  async recipe(@Param('sha256') sha256: string): Promise<RecipeDto> {
    const recipe = await this.renditions.recipe(sha256);
    if (!recipe) throw Problem.notFound({ en: 'rendition', vi: 'bản dựng âm thanh' }, sha256);
    return recipe;
  }
}

function answer({ asset, created }: Rendered, reply: FastifyReply): MediaDto {
  void reply.status(created ? 201 : 200);
  return mediaDto(asset);
}

/** A title has no control characters: a text may have line ends. */
function beginningOf(text: string): string {
  const line = text
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length > TITLE_LENGTH ? `${characters.slice(0, TITLE_LENGTH - 1).join('')}…` : line;
}

/** Of a text alone the caller knows no items. */
function withoutItem(error: unknown): never {
  if (!(error instanceof Problem) || !error.errors) throw error;
  throw Problem.invalid(
    error.errors.map((fault) => ({ ...fault, field: fault.field.replace(/^items(\.0\.?)?/, '') || 'text' })),
  );
}
