import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import {
  choice,
  func,
  number,
  type OptionKinds,
  onOff,
  pattern,
  required,
  shape,
  text,
  texts,
  withMethods,
} from '../options/option-kinds.ts';
import { COUNT, TIMER_MS } from '../options/option-range.ts';
import { AUTH_KIND } from './auth/auth-kinds.ts';
import type { HttpHandlerOptions } from './http/http-handler.ts';
import type { HttpServerOptions } from './http/node-http.ts';
import { PORT, TRANSPORTS } from './serve-defaults.ts';
import type { SessionOptions } from './sessions/session-options.ts';
import type { StdioOptions } from './stdio/serve-stdio.ts';

type HandlerOptions = Partial<Omit<HttpHandlerOptions, 'onError'>>;

/** Bounds of the sessions of 2025 clients. */
export const SESSIONS_KIND = shape<Partial<SessionOptions>>({
  max: number(COUNT),
  maxPerCaller: number(COUNT),
  idleMs: number(TIMER_MS),
  maxStreamBytes: number({ ...COUNT, min: 0 }),
  maxEventBytes: number({ ...COUNT, min: 0 }),
  events: withMethods('an event store', 'open'),
});

/** Options of every way to serve MCP over HTTP. */
export const HTTP_KINDS = {
  path: pattern('a path such as /mcp', /^\//),
  token: text,
  auth: AUTH_KIND,
  allowedHosts: texts,
  allowedOrigins: texts,
  flags: onOff,
  pages: func,
  maxBodyBytes: number(COUNT),
  stateless: onOff,
  sessions: SESSIONS_KIND,
  onSession: func,
} satisfies OptionKinds<HandlerOptions>;

/** Other libraries' names for {@link HTTP_KINDS}. */
export const HTTP_HINTS = {
  endpoint: 'Write "path".',
  hosts: 'Write "allowedHosts".',
  origins: 'Write "allowedOrigins".',
  cors: 'Write "allowedOrigins".',
};

/** The option `http` of a server. */
export const HTTP_OPTIONS = shape<HandlerOptions>(HTTP_KINDS, { hints: HTTP_HINTS });

const PORT_KINDS = {
  host: text,
  port: number(PORT.number),
  insecure: onOff,
  drainMs: number({ ...TIMER_MS, min: 0 }),
  store: withMethods('a store such as redisStore()', 'get', 'publish', 'subscribe', 'close'),
} as const;

export const checkedHttpServer = declareOptions<Partial<HttpServerOptions>>(
  'serveHttp()',
  { ...HTTP_KINDS, ...PORT_KINDS, onError: func },
  { hints: HTTP_HINTS, example: 'serveHttp(provider, { port: 8000, onError: console.error })' },
);

const STDIO_KINDS: OptionKinds<Partial<StdioOptions>> = {
  onError: func,
  stdin: withMethods('a readable stream', 'on'),
  stdout: withMethods('a writable stream', 'write'),
  drainMs: number({ ...TIMER_MS, min: 0 }),
  onSession: func,
};

export const checkedStdio = declareOptions<Partial<StdioOptions>>('serveStdio()', STDIO_KINDS);

/** How a server is run. */
export type RunOptions =
  | ({ readonly transport: 'stdio' } & Partial<StdioOptions>)
  | ({ readonly transport: 'http' } & Partial<HttpServerOptions>);

type RunHttp = Extract<RunOptions, { readonly transport: 'http' }>;
type RunStdio = Extract<RunOptions, { readonly transport: 'stdio' }>;
const EXAMPLE = { example: "run({ transport: 'http', port: 8000 })" };
const checkedRunHttp = declareOptions<RunHttp>(
  'run()',
  { transport: required(choice({ http: true })), ...HTTP_KINDS, ...PORT_KINDS, onError: func },
  { hints: HTTP_HINTS, ...EXAMPLE },
);
const checkedRunStdio = declareOptions<RunStdio>(
  'run({ transport: "stdio" })',
  { transport: required(choice({ stdio: true })), ...STDIO_KINDS },
  {
    hints: {
      port: 'Write transport: "http" to listen on a port.',
      host: 'Write transport: "http" to listen on a host.',
    },
    ...EXAMPLE,
  },
);

/** Other libraries' names for Streamable HTTP, and for the HTTP transport of 2024, which it replaces. */
const HTTP_ALIASES: readonly unknown[] = ['sse', 'streamable-http', 'streamableHttp', 'httpStream', 'http-stream'];

/** @throws OptionError */
export function checkedRun(options: RunOptions | undefined): RunOptions {
  if (options === undefined) return { transport: TRANSPORTS.default };
  const { transport } = (options ?? {}) as { readonly transport?: unknown };
  if (transport === 'http') return checkedRunHttp(options as RunHttp);
  if (transport === 'stdio') return checkedRunStdio(options as RunStdio);
  const advice = HTTP_ALIASES.includes(transport)
    ? 'Write "http", which is Streamable HTTP.'
    : 'It is "stdio" or "http".';
  const given = transport === undefined ? 'needs a transport' : `has no transport ${JSON.stringify(transport)}`;
  throw new OptionError(`run() ${given}. ${advice} Example: ${EXAMPLE.example}`);
}
