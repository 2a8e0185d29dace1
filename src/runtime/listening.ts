/** Listeners, and what tells them. */
export function listening<Told>() {
  const listeners = new Set<(told: Told) => void>();
  return {
    /** @returns what ends it */
    listen(listener: (told: Told) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(told: Told): void {
      for (const listener of [...listeners]) listener(told);
    },
  };
}
