/** The same with its typed arrays in memory that threads share: a thread that is given them copies nothing. */
export function shareArrays<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      ArrayBuffer.isView(member) ? sharedCopy(member) : member,
    ]),
  ) as T;
}

function sharedCopy(view: ArrayBufferView): unknown {
  const bytes = new Uint8Array(new SharedArrayBuffer(view.byteLength));
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const Type = view.constructor as new (buffer: ArrayBufferLike) => unknown;
  return new Type(bytes.buffer);
}

/** Texts one after the other, as UTF-8: text n is `start[n]` to `start[n + 1]` (exclusive) of `bytes`. */
export interface SharedTexts {
  start: Uint32Array;
  bytes: Uint8Array;
}

export function shareTexts(texts: readonly string[]): SharedTexts {
  const start = new Uint32Array(texts.length + 1);
  texts.forEach((text, n) => (start[n + 1] = (start[n] as number) + Buffer.byteLength(text)));
  return shareArrays({ start, bytes: new Uint8Array(Buffer.from(texts.join(''))) });
}

/** Undefined when there is none at that place. */
export function textAt({ start, bytes }: SharedTexts, n: number): string | undefined {
  if (n < 0 || n + 1 >= start.length) return undefined;
  return Buffer.from(bytes.slice(start[n], start[n + 1])).toString();
}
