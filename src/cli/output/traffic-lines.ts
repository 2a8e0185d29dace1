import type { TrafficEntry } from '../../dev/traffic.ts';
import { cutText } from '../../runtime/text/cut-text.ts';
import { exchangeLines } from './exchange-lines.ts';
import { onOneLine } from './for-terminal.ts';

/** `tools/call addPet ok  POST https://api.test/pets 201  34 ms  120 tokens` */
export function trafficLine(entry: TrafficEntry): string {
  const { method, target, ended, ms, caller, outcome, error, exchanges, tokens, answer } = entry;
  const [first, ...others] = exchanges;
  const code = outcome?.error ?? (first ? undefined : outcome?.status);
  return [
    [method, ...(target === undefined ? [] : [onOneLine(target)]), ended, ...(code === undefined ? [] : [code])].join(
      ' ',
    ),
    ...(first
      ? [`${first.request.method} ${onOneLine(first.request.url)} ${first.response?.status ?? 'no response'}`]
      : []),
    ...(others.length > 0 ? [`+${others.length} requests`] : []),
    `${Math.round(ms)} ms`,
    ...(isList(answer) ? [`${answer.items} items`] : tokens > 0 ? [`${tokens} tokens`] : []),
    ...(caller === undefined ? [] : [`(${onOneLine(caller)})`]),
    ...(error === undefined ? [] : [onOneLine(error)]),
  ].join('  ');
}

/** Everything about a call: parameters, requests and result, each cut to 2,000 bytes. */
export function trafficDetails({ params, exchanges, answer }: TrafficEntry): string[] {
  return [
    `  params ${json(params)}`,
    ...exchanges.flatMap((exchange) => exchangeLines(exchange).map((line) => `  ${line}`)),
    ...(answer === undefined || isList(answer) ? [] : [`  result ${json(answer)}`]),
  ];
}

/** A call as one line of JSON. Bodies that are bytes are left out: JSON would list each of them. */
export function jsonEntry({ id: _, at, ...entry }: TrafficEntry): string {
  return JSON.stringify({ time: new Date(at).toISOString(), ...entry }, (__, value) =>
    value instanceof Uint8Array ? `(${value.byteLength} bytes)` : value,
  );
}

const isList = (answer: unknown): answer is { readonly items: number } =>
  typeof answer === 'object' && answer !== null && 'items' in answer && typeof answer.items === 'number';

const MOST_BYTES = 2_000;

function json(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  const cut = cutText(text, MOST_BYTES);
  return onOneLine(cut === text ? text : `${cut}…`);
}
