import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Problem } from '../../../common/http/problem.js';
import {
  DEFAULT_VOICE,
  MOST_ITEMS,
  PAUSE_S,
  type RenditionItem,
  VOICES,
  type Voice,
  WORDS_PER_MINUTE,
} from '../domain/rendition-item.js';
import { LONGEST_TEXT } from '../domain/speakable/text-faults.js';
import { MEDIA_EXAMPLE, MediaDto } from '../media.dto.js';

const TEXT = {
  description: `Vietnamese, up to ${LONGEST_TEXT} characters (NFC or NFD). Numbers, dates, times, units and abbreviations are spelled out; what no voice can speak is refused.`,
  example: 'UBND xã thông báo: tiêm chủng lúc 7h30 ngày 22/11/2026.',
};
const VOICE = { enum: VOICES, default: DEFAULT_VOICE };
const WPM = {
  type: 'integer',
  minimum: WORDS_PER_MINUTE.least,
  maximum: WORDS_PER_MINUTE.most,
  default: WORDS_PER_MINUTE.usual,
} as const;

export class SpeechTextDto {
  @ApiProperty(TEXT)
  @IsString()
  text: string;
}

export class SpeechDto extends SpeechTextDto {
  @ApiPropertyOptional({ ...VOICE, example: DEFAULT_VOICE })
  @IsOptional()
  @IsIn(VOICES)
  voice?: Voice;

  @ApiPropertyOptional({ ...WPM, example: 150 })
  @IsOptional()
  @IsInt()
  @Min(WORDS_PER_MINUTE.least)
  @Max(WORDS_PER_MINUTE.most)
  wordsPerMinute?: number;

  @ApiPropertyOptional({
    description: 'Default: the beginning of the text',
    maxLength: 200,
    example: 'Tiêm chủng',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string;
}

const KINDS = ['audio', 'speech', 'pause'] as const;

export class RenditionItemDto {
  @ApiProperty({
    enum: KINDS,
    description: 'audio has sha256; speech has text, voice, wordsPerMinute; pause has durationS',
  })
  @IsIn(KINDS)
  kind: (typeof KINDS)[number];

  @ApiPropertyOptional({ description: 'Of an audio file that is here', pattern: '^[0-9a-f]{64}$' })
  @IsOptional()
  @IsString()
  sha256?: string;

  @ApiPropertyOptional(TEXT)
  @IsOptional()
  @IsString()
  text?: string;

  @ApiPropertyOptional(VOICE)
  @IsOptional()
  @IsIn(VOICES)
  voice?: Voice;

  @ApiPropertyOptional(WPM)
  @IsOptional()
  @IsInt()
  @Min(WORDS_PER_MINUTE.least)
  @Max(WORDS_PER_MINUTE.most)
  wordsPerMinute?: number;

  @ApiPropertyOptional({ description: 'Seconds', minimum: PAUSE_S.least, maximum: PAUSE_S.most })
  @IsOptional()
  @IsNumber()
  @Min(PAUSE_S.least)
  @Max(PAUSE_S.most)
  durationS?: number;
}

export class NewRenditionDto {
  @ApiProperty({ maxLength: 200, example: 'Bản tin sáng' })
  @IsString()
  title: string;

  @ApiProperty({
    type: [RenditionItemDto],
    minItems: 1,
    maxItems: MOST_ITEMS,
    example: [
      { kind: 'audio', sha256: MEDIA_EXAMPLE.sha256 },
      { kind: 'pause', durationS: 1 },
      { kind: 'speech', text: TEXT.example, voice: DEFAULT_VOICE, wordsPerMinute: 150 },
    ],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ITEMS)
  @ValidateNested({ each: true })
  @Type(() => RenditionItemDto)
  items: RenditionItemDto[];
}

const FIELDS: Record<RenditionItemDto['kind'], readonly string[]> = {
  audio: ['sha256'],
  speech: ['text', 'voice', 'wordsPerMinute'],
  pause: ['durationS'],
};

/** @throws Problem 400 when a field does not belong to the kind, or is missing */
export function renditionItem(dto: RenditionItemDto, at: number): RenditionItem {
  const { kind, sha256, text, voice, wordsPerMinute, durationS } = dto;
  for (const [field, value] of Object.entries({ sha256, text, voice, wordsPerMinute, durationS }))
    if (value !== undefined && !FIELDS[kind].includes(field))
      throw Problem.invalidField(`items.${at}.${field}`, 'UNKNOWN_FIELD', {
        en: `${field} is no field of ${kind}`,
        vi: `${field} không phải là trường của ${kind}`,
      });
  if (kind === 'audio' && sha256 !== undefined) return { kind, sha256 };
  if (kind === 'speech' && text !== undefined) return { kind, text, voice, wordsPerMinute };
  if (kind === 'pause' && durationS !== undefined) return { kind, durationS };
  const missing = FIELDS[kind][0]!;
  throw Problem.invalidField(`items.${at}.${missing}`, 'MISSING', {
    en: `${missing} is missing`,
    vi: `thiếu ${missing}`,
  });
}

/** What speech was made of. */
export class SpokenMediaDto extends MediaDto {
  @ApiProperty({ description: 'The words that are heard' }) spokenText: string;
}

export class TextProblemDto {
  @ApiProperty({ enum: ['EMPTY', 'TOO_LONG', 'CONTROL_CHARACTER', 'EMOJI', 'UNSPEAKABLE'] }) code: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'In characters of the text in NFC, from 1' })
  position: number | null;
  @ApiProperty({ type: String, nullable: true }) characters: string | null;
  @ApiProperty() message: string;
  @ApiProperty() messageVi: string;
}

export class SpeechCheckDto {
  @ApiProperty({ type: String, nullable: true, description: 'null when there are problems' })
  spokenText: string | null;
  @ApiProperty({ type: [TextProblemDto] }) problems: TextProblemDto[];
}

export class VoiceNameDto {
  @ApiProperty() en: string;
  @ApiProperty() vi: string;
}

export class VoiceDto {
  @ApiProperty({ enum: VOICES }) id: Voice;
  @ApiProperty({ type: VoiceNameDto }) name: VoiceNameDto;
  @ApiProperty({ description: 'BCP 47' }) language: string;
}

export class VoicesDto {
  @ApiProperty({ type: String, nullable: true, description: 'Name and version; null: there is none here' })
  engine: string | null;
  @ApiProperty({ type: [VoiceDto], description: 'Empty without an engine' }) voices: VoiceDto[];
}

export class RecipeItemDto {
  @ApiProperty({ enum: KINDS }) kind: (typeof KINDS)[number];
  @ApiPropertyOptional() sha256?: string;
  @ApiPropertyOptional({ description: 'As it was written' }) text?: string;
  @ApiPropertyOptional({ description: 'As it is said' }) spokenText?: string;
  @ApiPropertyOptional({ enum: VOICES }) voice?: Voice;
  @ApiPropertyOptional({ type: 'integer' }) wordsPerMinute?: number;
  @ApiPropertyOptional() durationS?: number;
}

export class RecipeDto {
  @ApiProperty({ description: 'The processing and its version' }) renderer: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: nothing in it is spoken' })
  speechEngine: string | null;
  @ApiProperty() targetLufs: number;
  @ApiProperty({ type: [RecipeItemDto] }) items: RecipeItemDto[];
}

const SPOKEN =
  'ủy ban nhân dân xã thông báo: tiêm chủng lúc bảy giờ ba mươi phút ngày hai mươi hai tháng mười một năm hai nghìn không trăm hai mươi sáu.';

export const RENDITION_EXAMPLE: MediaDto = {
  ...MEDIA_EXAMPLE,
  sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  title: 'Bản tin sáng',
  bytes: 122_496,
  durationS: 15.312,
  codec: 'mp3',
  contentType: 'audio/mpeg',
  sampleRateHz: 24_000,
  loudnessLufs: -18.1,
  truePeakDbtp: -0.9,
  source: 'RENDITION',
};
export const SPOKEN_EXAMPLE: SpokenMediaDto = {
  ...RENDITION_EXAMPLE,
  title: 'Tiêm chủng',
  spokenText: SPOKEN,
};
export const CHECK_EXAMPLE: SpeechCheckDto = { spokenText: SPOKEN, problems: [] };
export const VOICES_EXAMPLE: VoicesDto = {
  engine: 'espeak-ng 1.0.2',
  voices: [
    {
      id: 'vi-vn-x-south',
      name: { en: 'Vietnamese, southern', vi: 'Tiếng Việt, giọng Nam' },
      language: 'vi',
    },
  ],
};
export const RECIPE_EXAMPLE: RecipeDto = {
  renderer: 'phu-song 1',
  speechEngine: 'espeak-ng 1.0.2',
  targetLufs: -18,
  items: [
    { kind: 'pause', durationS: 1 },
    { kind: 'speech', text: TEXT.example, spokenText: SPOKEN, voice: DEFAULT_VOICE, wordsPerMinute: 150 },
  ],
};
