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
import { LOG_FORMATS } from '../runtime/middleware/logging.ts';
import { UNASKED } from '../runtime/unasked.ts';
import { choice, integer, list, number, object, onOff, path, type Spec, text } from './spec.ts';
import { FILTER_RULE } from './transforms.ts';

/** What the middleware of a config file can use. */
export interface MiddlewareMeans {
  /** Takes a log line; the command line writes it to stderr. */
  readonly tell: (line: string) => void;
  readonly onError: (error: Error) => void;
  /** Adds a line to a file. */
  readonly append: (file: string, line: string) => Promise<void>;
}

/** With the place of one in the file, which tells it apart from others in all processes. */
export interface PlacedMeans extends MiddlewareMeans {
  readonly sharedAs: string;
}

interface Kind<Options> {
  readonly spec: Spec<Options>;
  readonly make: (options: Options, means: PlacedMeans) => Middleware;
}
const kind = <Options>(spec: Spec<Options>, make: Kind<Options>['make']): Kind<Options> => ({ spec, make });

const DAY_MS = 86_400_000;
const ms = (description: string) => integer(description, 1, DAY_MS);
const count = (description: string, min = 1) => integer(description, min, 1_000_000_000);
const secrets = list('strings to hide wherever they occur, each at least 4 characters long', text('a secret'));
const bucket = (whose: string) =>
  object(
    `calls ${whose} may make`,
    {
      size: count('burst size: calls that may come at once'),
      perSecond: number('sustained rate: calls per second', { min: 0.000_001, max: 1_000_000, whole: false }),
    },
    ['size', 'perSecond'],
  );

/** The middleware that a config file can name, each with its options. */
export const MIDDLEWARE = {
  logging: kind(
    object('logs one line per call to stderr', {
      format: choice(`line for people, or JSON for programs; default: ${LOG_FORMATS.default}`, LOG_FORMATS.choices),
      payload: onOff('include arguments and results, with secrets hidden; default: off'),
      secrets,
    }),
    ({ secrets, ...options }, { tell }) => logging({ ...options, sink: tell, redaction: secretsOf(secrets) }),
  ),
  auditLog: kind(
    object(
      'writes a JSON line before and after each call; a call that cannot be recorded is not made',
      { file: path('the file to append to'), secrets },
      ['file'],
    ),
    ({ file, secrets }, { append }) =>
      auditLog({
        write: (entry) => append(file, JSON.stringify(entry)),
        redaction: secretsOf(secrets),
      }),
  ),
  cache: kind(
    object(
      'caches results of read-only tools, per caller',
      {
        ttlMs: ms('maximum age of a cached result in milliseconds'),
        maxEntries: count('maximum number of cached results; default: 500'),
      },
      ['ttlMs'],
    ),
    ({ ttlMs, ...store }, { sharedAs }) => cache({ ttlMs, store: memoryStore({ ...store, sharedAs }) }),
  ),
  rateLimit: kind(
    object('rejects calls above a rate', { perCaller: bucket('each caller'), global: bucket('all together') }),
    ({ perCaller, global }, { sharedAs }) =>
      rateLimit({
        ...(perCaller && { perCaller: tokenBucket({ ...perCaller, sharedAs }) }),
        ...(global && { global: tokenBucket({ ...global, sharedAs: `${sharedAs} global` }) }),
      }),
  ),
  retry: kind(
    object('retries calls after transient failures, if that is safe', {
      attempts: count('maximum number of attempts; default: 3'),
      firstWaitMs: ms('maximum wait before the first retry in milliseconds; default: 500'),
      maxWaitMs: ms('do not retry if the wait would be longer, in milliseconds; default: 10000'),
    }),
    retry,
  ),
  timeout: kind(object('ends a call after a time limit', { ms: ms('time limit in milliseconds') }, ['ms']), timeout),
  concurrency: kind(
    object(
      'limits how many calls run at the same time',
      { limit: count('calls that run at the same time'), maxQueue: count('calls that may wait; default: 100', 0) },
      ['limit'],
    ),
    concurrency,
  ),
  confirm: kind(
    object('tools ask their user for confirmation; without a user to ask, they are not called', {
      unasked: choice('without a user to ask: refuse, or make the call in two steps with a token', UNASKED.choices),
      tools: list('the tools that ask; default: all destructive tools', FILTER_RULE),
      ttlMs: ms('lifetime of a token in milliseconds; default: 300000'),
    }),
    (options, { sharedAs }) => confirm({ ...options, sharedAs }),
  ),
  circuitBreaker: kind(
    object('fails calls immediately for a while after repeated failures', {
      failures: count('consecutive failures before it opens; default: 5'),
      openMs: ms('milliseconds until a trial call; default: 30000'),
    }),
    circuitBreaker,
  ),
  responseLimit: kind(
    object('cuts long results', { maxBytes: count('maximum size in bytes', 1000) }, ['maxBytes']),
    responseLimit,
  ),
  redact: kind(object('hides secrets in everything that reaches the client', { secrets }), ({ secrets }) =>
    redact(secretsOf(secrets)),
  ),
  maskErrors: kind(
    object('clients see that something failed, but not why; details go to stderr', {}),
    (_, { onError }) => maskErrors({ onError }),
  ),
};

const secretsOf = (secrets: readonly string[] | undefined) => (secrets ? { secrets } : {});
