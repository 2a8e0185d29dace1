import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { choice, func, onOff, shape, withMethods } from '../options/option-kinds.ts';
import { cutText } from '../text/cut-text.ts';
import type { Answer, Call, Middleware } from './middleware.ts';
import { type Observation, observed } from './observe.ts';
import { hiddenJson, REDACTION_KINDS, type Redaction, type RedactionOptions, redaction } from './redaction.ts';

export const LOG_FORMATS = { choices: ['human', 'json'], default: 'human' } as const;
export type LogFormat = (typeof LOG_FORMATS.choices)[number];

export interface LoggingOptions {
  /** `human` for people, `json` for programs: one line per call in both. Default `human`. */
  readonly format?: LogFormat;
  /** Receives each line, without line break. Default: `console.error`, which writes to stderr on Node. */
  readonly sink?: (line: string) => void;
  /** Include arguments and results, at most 2,000 bytes of each. Default false. */
  readonly payload?: boolean;
  /** What to hide in them. Default: the values of keys that look like secrets. */
  readonly redaction?: RedactionOptions;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<LoggingOptions>('logging()', {
  format: choice(LOG_FORMATS.choices),
  sink: func,
  payload: onOff,
  redaction: shape(REDACTION_KINDS),
  clock: withMethods('a clock with now()', 'now'),
});

/**
 * Logs one line per finished call.
 *
 * ```ts
 * server.use(logging({ format: 'json' }));
 * ```
 */
export function logging(options: LoggingOptions = {}): Middleware {
  const {
    format = LOG_FORMATS.default,
    sink = toStderr,
    payload = false,
    clock = systemClock,
    redaction: hidden,
  } = checked(options);
  const hide = redaction(hidden);
  const line = format === 'json' ? jsonLine : humanLine;
  return async function logging(call, next) {
    return observed(call, { next, clock }, (observation, answer) => {
      // Errors may quote the request.
      const { error, ...rest } = observation;
      const entry: Entry = {
        ...rest,
        ...(error !== undefined && { error: hide.text(error) }),
        ...(payload && payloadOf(call, answer, hide)),
      };
      sink(line(entry));
    });
  };
}

interface Entry extends Observation {
  readonly params?: string;
  readonly answer?: string;
}

const MOST_PAYLOAD_BYTES = 2_000;

function payloadOf(call: Call, answer: Answer | undefined, hide: Redaction): Pick<Entry, 'params' | 'answer'> {
  const shown = (value: unknown) => {
    const json = hiddenJson(value, hide);
    const cut = cutText(json, MOST_PAYLOAD_BYTES);
    return cut === json ? json : `${cut}…`;
  };
  return { params: shown(call.params), ...(answer !== undefined && { answer: shown(answer) }) };
}

function jsonLine({ at, ...entry }: Entry): string {
  return JSON.stringify({ time: new Date(at).toISOString(), ...entry });
}

/** `2026-11-23T10:00:00.000Z tools/call search ok 12 ms (alice)` */
function humanLine(entry: Entry): string {
  const { at, method, target, ended, ms, caller, outcome, error, params, answer } = entry;
  const told = outcome?.status ?? outcome?.error;
  return [
    new Date(at).toISOString(),
    method,
    ...(target === undefined ? [] : [oneLine(target)]),
    ended,
    ...(told === undefined ? [] : [String(told)]),
    `${Math.round(ms)} ms`,
    ...(caller === undefined ? [] : [`(${oneLine(caller)})`]),
    ...(error === undefined ? [] : [`— ${oneLine(error)}`]),
    ...(params === undefined ? [] : [`${params} → ${answer ?? 'nothing'}`]),
  ].join(' ');
}

/** Names come from the client: a line break in one must not start a new log line. */
function oneLine(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toStderr(line: string): void {
  // biome-ignore lint/suspicious/noConsole: the only way to stderr that is a web standard; stdout is the protocol's.
  console.error(line);
}
