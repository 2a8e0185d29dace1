import { isProviderError } from '../errors.ts';
import { outcomeOf, withOutcome } from '../outcome.ts';
import { ProviderError } from '../provider.ts';

/** A provider uses its own names for its items; clients must see the client-side names. */
export async function naming<T>(own: string, listed: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (own === listed || !isProviderError(error) || !error.message.includes(own)) throw error;
    const message = error.message.replace(own, () => listed);
    throw withOutcome(new ProviderError(error.code, message), outcomeOf(error));
  }
}
