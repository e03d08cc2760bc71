/** All buffers of typed arrays in a plain value, each once: what can be handed over between threads without copying. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
      return;
    }
    for (const member of Object.values(part)) visit(member);
  };
  visit(value);
  return [...buffers];
}
