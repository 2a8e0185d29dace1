import { untilAborted } from '../until-aborted.ts';

/** Work shared by several waiting callers. It is cancelled when the last of them has gone. */
export class Flights<T> {
  readonly #flying = new Map<string, Flight<T>>();

  /** Whether work is in progress under this key. */
  has(key: string): boolean {
    return this.#flying.has(key);
  }

  /**
   * Waits for the work under this key, or starts it.
   *
   * @throws the signal's reason as soon as it aborts, otherwise the error of the work
   */
  async join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const flight = this.#flying.get(key) ?? this.#depart(key, start);
    flight.waiting++;
    try {
      return await untilAborted(flight.landing, signal);
    } finally {
      flight.waiting--;
      // Finished work is removed.
      if (flight.waiting === 0 && this.#flying.get(key) === flight) {
        this.#land(key, flight);
        flight.control.abort(signal.reason);
      }
    }
  }

  #depart(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const control = new AbortController();
    const flight: Flight<T> = {
      control,
      waiting: 0,
      landing: start(control.signal).finally(() => this.#land(key, flight)),
    };
    this.#flying.set(key, flight);
    return flight;
  }

  #land(key: string, flight: Flight<T>): void {
    if (this.#flying.get(key) === flight) this.#flying.delete(key);
  }
}

interface Flight<T> {
  readonly control: AbortController;
  readonly landing: Promise<T>;
  waiting: number;
}
