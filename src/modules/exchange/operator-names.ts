import { Injectable } from '@nestjs/common';
import { OperatorsService } from '../sites/index.js';
import type { OperatorNames } from './domain/parse-value.js';
import { fold } from './domain/text.js';

/** What files call the operators: code, name and brand. */
@Injectable()
export class OperatorNamesReader {
  constructor(private readonly operators: OperatorsService) {}

  async read(): Promise<OperatorNames> {
    const names = new Map<string, string>();
    let cursor: string | undefined;
    do {
      const page = await this.operators.list(1000, cursor);
      for (const { code, name, brand } of page.items)
        for (const text of [code, name, brand ?? '']) if (fold(text) !== '') names.set(fold(text), code);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return names;
  }
}
