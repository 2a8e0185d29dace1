import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

type Report = (result: ExportResult) => void;

/** Says that a collector cannot be reached or refuses what is sent: once, until it accepts everything again. */
export class ExportWatch {
  readonly #tell: (text: string) => void;
  readonly #failing = new Map<string, Set<unknown>>();

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /**
   * Reports when exports fail and when they succeed again, once for all exporters with the same `place`.
   *
   * @param place the endpoint, without credentials
   */
  watch<Items>(exporter: { export(items: Items, done: Report): void }, place: string): void {
    const send = exporter.export.bind(exporter);
    exporter.export = (items, done) =>
      send(items, (result) => {
        this.#note(exporter, place, result);
        done(result);
      });
  }

  #note(exporter: unknown, place: string, { code, error }: ExportResult): void {
    const failing = this.#failing.get(place) ?? new Set();
    this.#failing.set(place, failing);
    const before = failing.size;
    if (code === ExportResultCode.SUCCESS) failing.delete(exporter);
    else failing.add(exporter);
    if (before === 0 && failing.size > 0) {
      this.#tell(
        `Telemetry cannot be sent to ${place} (${reasonOf(error)}). Calls are not affected. What is not sent is lost.`,
      );
    }
    if (before > 0 && failing.size === 0) this.#tell(`Telemetry is sent to ${place} again.`);
  }
}

/** A code, not the text of the collector. */
function reasonOf(error: Error | undefined): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  const why = code ?? cause?.code;
  if (typeof why === 'number') return `HTTP status ${why}`;
  return typeof why === 'string' ? why : 'no success';
}
