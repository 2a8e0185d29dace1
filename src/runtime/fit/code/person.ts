import { sha256Hex } from '../../api/auth/hex.ts';
import type { CallContext } from '../../provider.ts';

/** Times how long a run waits for a person. */
export class PersonClock {
  #open = 0;
  #since = 0;
  #sum = 0;

  get waited(): number {
    return this.#sum + (this.#open > 0 ? performance.now() - this.#since : 0);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#open === 0) this.#sum += performance.now() - this.#since;
    }
  }
}

/**
 * The questions of one call inside a run. Their keys say which call asks: an answer is never that to another call, in
 * whatever order the code makes them when it runs again.
 *
 * @param call the name and arguments, and how many equal calls were before
 */
export function askingFor(
  call: string,
  { elicit, sample }: Pick<CallContext, 'elicit' | 'sample'>,
  clock: PersonClock,
): Pick<CallContext, 'elicit' | 'sample'> {
  let count = 0;
  const keyOf = async (question: object) =>
    `code-${(await sha256Hex(JSON.stringify([call, ++count, question]))).slice(0, 32)}`;
  return {
    ...(elicit && {
      elicit: (request) => clock.during(async () => elicit({ ...request, key: await keyOf(request) })),
    }),
    ...(sample && {
      sample: (request) => clock.during(async () => sample({ ...request, key: await keyOf(request) })),
    }),
  };
}
