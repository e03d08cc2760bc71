import { Injectable } from '@nestjs/common';
import { AreasService } from '../../areas/index.js';
import { fold } from '../domain/text.js';
import { bareUnit } from './unit-names.js';

/** Communes of one day, by what people write for them. */
export class CommunesByName {
  private readonly exact = new Map<string, string>();
  private readonly bare = new Map<string, string | null>();

  constructor(communes: readonly { id: string; code: string; name: string }[]) {
    for (const { id, code, name } of communes) {
      this.exact.set(fold(code), id).set(fold(name), id);
      const word = bareUnit(name);
      // "Vị Thanh" alone may be a ward or a commune: then it says too little.
      this.bare.set(word, this.bare.has(word) ? null : id);
    }
  }

  /** Undefined: none is called so. Null: more than one is. */
  find(text: string): string | null | undefined {
    return this.exact.get(fold(text)) ?? this.bare.get(bareUnit(text));
  }
}

/** The communes that are in force today, for files that name them. */
@Injectable()
export class CommunesReader {
  constructor(private readonly areas: AreasService) {}

  async today(): Promise<CommunesByName> {
    return new CommunesByName(await this.areas.communesAt(this.areas.today()));
  }
}
