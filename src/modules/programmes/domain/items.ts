/** One thing wrong with a programme as it is written. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

/** An item as somebody gives it: which fields it may have depends on its kind. */
export interface GivenItem {
  kind: 'audio' | 'speech' | 'pause';
  sha256?: string;
  text?: string;
  voice?: string;
  wordsPerMinute?: number;
  durationS?: number;
}

export const ITEM_KINDS = ['audio', 'speech', 'pause'] as const;
const FIELDS = {
  audio: { needs: ['sha256'], may: [] },
  speech: { needs: ['text'], may: ['voice', 'wordsPerMinute'] },
  pause: { needs: ['durationS'], may: [] },
} as const;
const OWN = ['sha256', 'text', 'voice', 'wordsPerMinute', 'durationS'] as const;

/** Every field that an item lacks, or has though its kind has no such field. */
export function checkItems(items: readonly GivenItem[]): Violation[] {
  return items.flatMap((item, i) => {
    const { needs, may } = FIELDS[item.kind];
    const known: readonly string[] = [...needs, ...may];
    return OWN.flatMap((field) => {
      const there = item[field] !== undefined;
      const name = `items.${i}.${field}`;
      if (!there && (needs as readonly string[]).includes(field))
        return [
          {
            field: name,
            code: 'REQUIRED',
            en: `an item of kind ${item.kind} needs ${field}`,
            vi: `mục loại ${item.kind} phải có ${field}`,
          },
        ];
      if (there && !known.includes(field))
        return [
          {
            field: name,
            code: 'NOT_OF_THIS_KIND',
            en: `an item of kind ${item.kind} has no ${field}`,
            vi: `mục loại ${item.kind} không có ${field}`,
          },
        ];
      return [];
    });
  });
}

/** The audio files that items name, each once. */
export function audioOf(items: readonly { kind: string; sha256?: string }[]): string[] {
  return [...new Set(items.flatMap(({ kind, sha256 }) => (kind === 'audio' && sha256 ? [sha256] : [])))];
}
