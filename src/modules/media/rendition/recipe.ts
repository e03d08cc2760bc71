import { type FieldProblem, fieldProblem, Problem } from '../../../common/http/problem.js';
import {
  DEFAULT_VOICE,
  MOST_ITEMS,
  PAUSE_S,
  type RecipeItem,
  type RenditionItem,
  VOICES,
  WORDS_PER_MINUTE,
} from '../domain/rendition-item.js';
import { speakable } from '../domain/speakable/speakable.js';

/** Every item with nothing left open. @throws Problem 400 naming all that is wrong, as `items.2.text` */
export function recipeItems(items: readonly RenditionItem[]): RecipeItem[] {
  if (items.length === 0 || items.length > MOST_ITEMS)
    throw Problem.invalidField('items', 'COUNT', {
      en: `items must have 1 to ${MOST_ITEMS} entries`,
      vi: `items phải có từ 1 đến ${MOST_ITEMS} mục`,
    });
  const problems: FieldProblem[] = [];
  const complete = items.map((item, i) => completed(item, `items.${i}`, problems));
  if (problems.length === 0 && complete.every((item) => item?.kind === 'pause'))
    problems.push(
      fieldProblem('items', 'SILENT', { en: 'there is nothing but pauses', vi: 'chỉ có khoảng lặng' }),
    );
  if (problems.length > 0) throw Problem.invalid(problems);
  return complete.filter((item) => item !== undefined);
}

function completed(item: RenditionItem, field: string, problems: FieldProblem[]): RecipeItem | undefined {
  switch (item.kind) {
    case 'audio':
      if (/^[0-9a-f]{64}$/.test(item.sha256)) return { kind: 'audio', sha256: item.sha256 };
      problems.push(
        fieldProblem(`${field}.sha256`, 'HASH', {
          en: 'sha256 must be 64 hexadecimal digits, lower-case',
          vi: 'sha256 phải gồm 64 chữ số thập lục phân, chữ thường',
        }),
      );
      return undefined;
    case 'pause':
      if (inRange(item.durationS, PAUSE_S)) return { kind: 'pause', durationS: item.durationS };
      problems.push(outOfRange(`${field}.durationS`, PAUSE_S));
      return undefined;
    case 'speech':
      return speech(item, field, problems);
    default:
      problems.push(
        fieldProblem(`${field}.kind`, 'KIND', {
          en: 'kind must be audio, speech or pause',
          vi: 'kind phải là audio, speech hoặc pause',
        }),
      );
      return undefined;
  }
}

function speech(
  item: Extract<RenditionItem, { kind: 'speech' }>,
  field: string,
  problems: FieldProblem[],
): RecipeItem | undefined {
  const { voice = DEFAULT_VOICE, wordsPerMinute = WORDS_PER_MINUTE.usual } = item;
  const before = problems.length;
  if (!VOICES.includes(voice))
    problems.push(
      fieldProblem(`${field}.voice`, 'VOICE', {
        en: `voice must be one of ${VOICES.join(', ')}`,
        vi: `voice phải là một trong ${VOICES.join(', ')}`,
      }),
    );
  if (!Number.isInteger(wordsPerMinute) || !inRange(wordsPerMinute, WORDS_PER_MINUTE))
    problems.push(outOfRange(`${field}.wordsPerMinute`, WORDS_PER_MINUTE));
  const { text, spokenText, problems: faults } = speakable(String(item.text));
  for (const { code, message } of faults) problems.push(fieldProblem(`${field}.text`, code, message));
  if (spokenText === null || problems.length > before) return undefined;
  return { kind: 'speech', text, spokenText, voice, wordsPerMinute };
}

function inRange(value: number, range: { least: number; most: number }): boolean {
  return Number.isFinite(value) && value >= range.least && value <= range.most;
}

function outOfRange(field: string, { least, most }: { least: number; most: number }): FieldProblem {
  return fieldProblem(field, 'RANGE', {
    en: `must be a number from ${least} to ${most}`,
    vi: `phải là số từ ${least} đến ${most}`,
  });
}
