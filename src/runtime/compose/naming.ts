import { isProviderError } from '../errors.ts';
import { outcomeOf, withOutcome } from '../outcome.ts';
import { ProviderError } from '../provider.ts';

/** A provider speaks of its parts by its own names; what reaches the client must speak of them by the client's. */
export async function naming<T>(own: string, listed: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (own === listed || !isProviderError(error) || !error.message.includes(own)) throw error;
    const message = error.message.replace(own, () => listed);
    throw withOutcome(new ProviderError(error.code, message), outcomeOf(error));
  }
}
