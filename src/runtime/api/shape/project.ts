import type { AnswerProjection } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import type { Answer } from '../read/answer.ts';
import { parseKeepingNumbers, writeKeepingNumbers } from '../read/kept-numbers.ts';

/** Reduces a JSON response to the parts that its document selects; other responses are unchanged. */
export function project(answer: Answer, { mode, paths }: AnswerProjection): Answer {
  if (answer.kind !== 'json') return answer;
  const part = (whole: unknown) => (mode === 'keep' ? keep(whole, paths) : omit(whole, paths));
  // Only the text has digits that a double loses.
  const text = NUMBER_WITH_MORE.test(answer.text) ? kept(answer.text, part) : undefined;
  const value = part(answer.value);
  return { ...answer, value, text: text ?? JSON.stringify(value) };
}

/** A number with 16 digits or more. */
const NUMBER_WITH_MORE = /[\d.]{16}|\d[eE][+-]?\d{3}/;

/** @returns `undefined` if the text is not strict JSON, as with `NaN` */
function kept(text: string, part: (whole: unknown) => unknown): string | undefined {
  try {
    return writeKeepingNumbers(part(parseKeepingNumbers(text)));
  } catch {
    return undefined;
  }
}

type Paths = readonly (readonly string[])[];

/** Selects the paths and keeps the surrounding structure. The empty path keeps everything. */
export function keep(value: unknown, paths: Paths): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => keep(item, paths));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = follow(paths, name);
      return below.length ? [[name, keep(inner, below)]] : [];
    }),
  );
}

function omit(value: unknown, paths: Paths): unknown {
  if (Array.isArray(value)) return value.map((item) => omit(item, paths));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = follow(paths, name);
      if (below.some((path) => path.length === 0)) return [];
      return [[name, below.length ? omit(inner, below) : inner]];
    }),
  );
}

const follow = (paths: Paths, name: string): Paths =>
  paths.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
