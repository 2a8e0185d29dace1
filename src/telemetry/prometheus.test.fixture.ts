import { expect } from 'vitest';

/** One metric, as the parser of `parse-prometheus-text-format` understands it. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value?: string;
    readonly count?: string;
  }[];
}

/** Scrapes metrics, as Prometheus does. */
export async function scrape(url: string): Promise<{ readonly text: string; readonly families: readonly Family[] }> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  const text = await response.text();
  // It has no types.
  const name = 'parse-prometheus-text-format';
  const { default: parse } = await import(name);
  return { text, families: parse(text) };
}
