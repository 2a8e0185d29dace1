import { appendFile } from 'node:fs/promises';
import {
  auditLog,
  cache,
  circuitBreaker,
  concurrency,
  confirm,
  logging,
  type Middleware,
  maskErrors,
  memoryStore,
  rateLimit,
  redact,
  responseLimit,
  retry,
  timeout,
  tokenBucket,
} from '../runtime/middleware/index.ts';
import { choice, list, number, object, onOff, path, type Spec, text } from './spec.ts';
import { FILTER_RULE } from './transforms.ts';

/** What middleware of a config file is made with. */
export interface MiddlewareMeans {
  /** Takes a line for the owner; on a command line it goes to stderr. */
  readonly tell: (line: string) => void;
  readonly onError: (error: Error) => void;
}

interface Kind<Options> {
  readonly spec: Spec<Options>;
  readonly make: (options: Options, means: MiddlewareMeans) => Middleware;
}
const kind = <Options>(spec: Spec<Options>, make: Kind<Options>['make']): Kind<Options> => ({ spec, make });

const DAY_MS = 86_400_000;
const ms = (description: string) => number(description, { min: 1, max: DAY_MS, whole: true });
const count = (description: string, min = 1) => number(description, { min, max: 1_000_000_000, whole: true });
const secrets = list('texts that are hidden wherever they occur, each of 4 characters or more', text('a secret'));
const bucket = (whose: string) =>
  object(
    `calls ${whose} may make`,
    {
      size: count('calls that may come at once'),
      perSecond: number('calls a second in the long run', { min: 0.000_001, max: 1_000_000, whole: false }),
    },
    ['size', 'perSecond'],
  );

/** The middleware that a config file can name, each with its options. */
export const MIDDLEWARE = {
  logging: kind(
    object('one line on stderr for each call', {
      format: choice('for people, or JSON for programs; default: human', ['human', 'json']),
      payload: onOff('arguments and answers in the line, secrets hidden; default: off'),
      secrets,
    }),
    ({ secrets, ...options }, { tell }) => logging({ ...options, sink: tell, redaction: secretsOf(secrets) }),
  ),
  auditLog: kind(
    object(
      'a line of JSON before and after each call; a call that cannot be recorded is not made',
      { file: path('the file that lines are appended to'), secrets },
      ['file'],
    ),
    ({ file, secrets }) =>
      auditLog({
        write: (entry) => appendFile(file, `${JSON.stringify(entry)}\n`),
        redaction: secretsOf(secrets),
      }),
  ),
  cache: kind(
    object(
      'answers of tools that only read are kept, for each caller',
      {
        ttlMs: ms('milliseconds an answer is kept at most'),
        maxEntries: count('answers kept at the same time; default: 500'),
      },
      ['ttlMs'],
    ),
    ({ ttlMs, ...store }) => cache({ ttlMs, store: memoryStore(store) }),
  ),
  rateLimit: kind(
    object('calls beyond a rate are refused', { perCaller: bucket('each caller'), global: bucket('all together') }),
    ({ perCaller, global }) =>
      rateLimit({
        ...(perCaller && { perCaller: tokenBucket(perCaller) }),
        ...(global && { global: tokenBucket(global) }),
      }),
  ),
  retry: kind(
    object('calls that failed for a passing reason are made again, where that is safe', {
      attempts: count('how often a call is made at most; default: 3'),
      firstWaitMs: ms('milliseconds of the first wait at most; default: 500'),
      maxWaitMs: ms('a longer wait is not waited for; default: 10000'),
    }),
    (options) => retry(options),
  ),
  timeout: kind(object('a call ends after so long', { ms: ms('milliseconds') }, ['ms']), (options) => timeout(options)),
  concurrency: kind(
    object(
      'so many calls run at the same time',
      { limit: count('calls that run'), maxQueue: count('calls that may wait; default: 100', 0) },
      ['limit'],
    ),
    (options) => concurrency(options),
  ),
  confirm: kind(
    object('tools ask before they act: the person, or in two calls with a token', {
      tools: list('the tools that ask; default: all that may destroy something', FILTER_RULE),
      ttlMs: ms('milliseconds a token is good for; default: 300000'),
    }),
    (options) => confirm(options),
  ),
  circuitBreaker: kind(
    object('what keeps failing is not called for a while', {
      failures: count('failures one after the other; default: 5'),
      openMs: ms('milliseconds until it is tried again; default: 30000'),
    }),
    (options) => circuitBreaker(options),
  ),
  responseLimit: kind(
    object('longer answers are cut', { maxBytes: count('bytes of an answer', 1000) }, ['maxBytes']),
    (options) => responseLimit(options),
  ),
  redact: kind(object('secrets are hidden in what reaches the client', { secrets }), ({ secrets }) =>
    redact(secretsOf(secrets)),
  ),
  maskErrors: kind(
    object('clients are told that something failed, not why; stderr is told all', {}),
    (_, { onError }) => maskErrors({ onError }),
  ),
};

const secretsOf = (secrets: readonly string[] | undefined) => (secrets ? { secrets } : {});
