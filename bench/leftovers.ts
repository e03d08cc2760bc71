type Remove = () => Promise<void> | void;

const left = new Set<Remove>();
let removing: Promise<void> | undefined;

/** Keeps how to remove a database, a process or a folder, in case the bench is broken off; the answer removes it, once. */
export function leaves(remove: Remove): () => Promise<void> {
  left.add(remove);
  return async () => {
    if (left.delete(remove)) await remove();
  };
}

/** Removes what is still there, the latest first. */
export function removeLeftovers(): Promise<void> {
  removing ??= removeAll();
  return removing;
}

async function removeAll(): Promise<void> {
  for (const remove of [...left].reverse()) {
    left.delete(remove);
    try {
      await remove();
    } catch (error) {
      console.error('could not clean up:', error);
    }
  }
}
