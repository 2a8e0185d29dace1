import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, required, shape, withMethods } from '../options/option-kinds.ts';
import type { Middleware } from './middleware.ts';
import { identity, type Observation, observed } from './observe.ts';
import { REDACTION_KINDS, type RedactionOptions, redaction } from './redaction.ts';
import { isList } from './subject.ts';

/** Who made a request, or how it ended. The two entries of a call have the same `requestId` and `caller`. */
export type AuditEntry =
  | (Pick<Observation, 'requestId' | 'method' | 'target' | 'caller' | 'at'> & {
      readonly event: 'begin';
      /** The request, with secrets hidden. */
      readonly params: unknown;
    })
  | (Observation & { readonly event: 'end' });

export interface AuditLogOptions {
  /** Persists an entry. The call continues when the promise has resolved. */
  readonly write: (entry: AuditEntry) => void | Promise<void>;
  /** What to hide in arguments. Default: the values of keys that look like secrets. */
  readonly redaction?: RedactionOptions;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<AuditLogOptions>(
  'auditLog()',
  { write: required(func), redaction: shape(REDACTION_KINDS), clock: withMethods('a clock with now()', 'now') },
  { hints: { sink: 'Write "write".' }, example: 'auditLog({ write: (entry) => store(entry) })' },
);

/**
 * Records calls, before and after; lists are not recorded. A call that cannot be recorded is not made: it fails with
 * the error of `write`.
 *
 * ```ts
 * server.use(auditLog({ write: (entry) => appendFile('audit.jsonl', `${JSON.stringify(entry)}\n`) }));
 * ```
 */
export function auditLog(options: AuditLogOptions): Middleware {
  const { write, clock = systemClock, redaction: hidden } = checked(options);
  const hide = redaction(hidden);
  return async function auditLog(call, next) {
    if (isList(call.method)) return next(call);
    await write({ event: 'begin', ...identity(call), at: clock.now(), params: hide.value(call.params) });
    return observed(call, { next, clock }, async ({ error, ...observation }) => {
      await write({ event: 'end', ...observation, ...(error !== undefined && { error: hide.text(error) }) });
    });
  };
}
