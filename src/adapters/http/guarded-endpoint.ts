import { declareOptions } from '../../runtime/options/declare-options.ts';
import { func, number, onOff, text, texts } from '../../runtime/options/option-kinds.ts';
import { COUNT, TIMER_MS } from '../../runtime/options/option-range.ts';
import type { Provider } from '../../runtime/provider.ts';
import { type Admission, createGate } from '../../runtime/serve/gate.ts';
import { createEndpoint, HTTP_HANDLER_DEFAULTS, type HttpHandler } from '../../runtime/serve/http.ts';
import { assertMountable } from '../../runtime/serve/mountable.ts';
import type { RequestHead } from '../../runtime/serve/request-head.ts';
import { ServeError } from '../../runtime/serve/serve-error.ts';
import { HTTP_HINTS } from '../../runtime/serve/serve-options.ts';

/** Who calls, in the words of the SDK. */
export type AuthInfo = NonNullable<NonNullable<Parameters<HttpHandler['fetch']>[1]>['authInfo']>;

export interface HttpMountOptions {
  /** The bearer token that every request must carry. `undefined` (`process.env.X`): there is none. */
  readonly token?: string | undefined;
  /** Ask for no token: whoever reaches the app may call every tool, or something in front of this authenticates. */
  readonly insecure?: boolean;
  /** Host names (without port) that may stand in `Host`, beside those of the loopback interface. */
  readonly allowedHosts?: readonly string[];
  /** Origins (`https://app.example`) or their host names that may stand in `Origin`, beside loopback ones. */
  readonly allowedOrigins?: readonly string[];
  /** Largest body of a request. Default 4 MiB. A body parser in front of this has a limit of its own. */
  readonly maxBodyBytes?: number;
  /** Milliseconds that calls in flight may take after `close()`. Default 10,000. */
  readonly drainMs?: number;
  /** Told of failures that are not answered to anybody else. Default: nobody is. */
  readonly onError?: (error: Error) => void;
}

const checked = declareOptions<HttpMountOptions>(
  'mcpHandler()',
  {
    token: text,
    insecure: onOff,
    allowedHosts: texts,
    allowedOrigins: texts,
    maxBodyBytes: number(COUNT),
    drainMs: number({ ...TIMER_MS, min: 0 }),
    onError: func,
  },
  {
    hints: {
      ...HTTP_HINTS,
      path: 'The app sets the path: app.use("/mcp", …).',
      endpoint: 'The app sets the path: app.use("/mcp", …).',
    },
    example: 'mcpHandler(provider, { token: process.env.OPENAPI_MCP_TOKEN })',
  },
);

/** MCP behind the same gate as `serveHttp`, for an app that has a server and routes of its own. */
export interface GuardedEndpoint {
  readonly endpoint: Pick<HttpHandler, 'fetch'>;
  readonly maxBodyBytes: number;
  readonly onError: (error: Error) => void;
  /** Decides by the head of a request, before its body is read. Which path leads here is the app's business. */
  admit(head: Omit<RequestHead, 'path'>): Promise<Admission>;
  /** Lets the calls in flight end, ends subscriptions, and answers 503 from now on. The provider stays open. */
  close(): Promise<void>;
}

/**
 * @throws ServeError `TOKEN_REQUIRED` where there is neither a token nor `insecure: true`.
 * @throws OptionError where that is no provider.
 */
export function guardedEndpoint(provider: Provider, given: HttpMountOptions, maker: string): GuardedEndpoint {
  const options = checked(given, maker);
  const { token, insecure = false, drainMs = 10_000, onError = () => {} } = options;
  const { maxBodyBytes = HTTP_HANDLER_DEFAULTS.maxBodyBytes, allowedHosts = [], allowedOrigins = [] } = options;
  assertMountable(provider, '');
  if (token === undefined && !insecure) {
    throw new ServeError(
      'TOKEN_REQUIRED',
      'Anyone who can reach this app can call every tool. Set a token that clients must send, or insecure: true if something in front of the app authenticates them.',
    );
  }
  const admit = createGate({ path: PATH, token, allowedHosts, allowedOrigins, flags: false });
  const endpoint = createEndpoint(provider, { maxBodyBytes, onError });
  let closing: Promise<void> | undefined;
  return {
    endpoint,
    maxBodyBytes,
    onError,
    admit: (head) => admit({ ...head, path: PATH }),
    close() {
      closing ??= endpoint.drain(drainMs).then(() => endpoint.close());
      return closing;
    },
  };
}

/** The gate compares paths, and apps strip prefixes: what arrives here is always at this one. */
const PATH = '/';

/** What a middleware of the app has found out about the caller, where the SDK's own puts it. */
export function authInfoOf(value: unknown): AuthInfo | undefined {
  const info = value as Partial<AuthInfo> | null | undefined;
  // Those who set it follow the SDK's `AuthInfo`.
  return typeof info?.clientId === 'string' && Array.isArray(info.scopes) ? (info as AuthInfo) : undefined;
}
