import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { Problem } from './problem.js';

/** Query of every list: keyset paging, so that a page stays right while rows are added. */
export class PageQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** A page of a list; ask again with `cursor=nextCursor` until it is null. */
export class Page<T> {
  items: T[];
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' })
  nextCursor: string | null;
}

/** `rows` were fetched with limit + 1; `key` is what the list is ordered by, unique. */
export function toPage<T>(rows: T[], limit: number, key: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(key(last)) : null };
}

export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** The key behind a cursor; undefined without one. Anything we did not make is refused. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || key.includes('\0') || encodeCursor(key) !== cursor)
    throw Problem.invalidField('cursor', 'CURSOR', {
      en: 'cursor must be the nextCursor of an earlier page',
      vi: 'cursor phải là nextCursor của trang trước',
    });
  return key;
}
