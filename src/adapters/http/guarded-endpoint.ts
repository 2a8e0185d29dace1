import { defined } from '../../model/index.ts';
import { once } from '../../runtime/once.ts';
import { declareOptions } from '../../runtime/options/declare-options.ts';
import { func, number, onOff, text, texts } from '../../runtime/options/option-kinds.ts';
import { COUNT, TIMER_MS } from '../../runtime/options/option-range.ts';
import type { Provider } from '../../runtime/provider.ts';
import { AUTH_KIND } from '../../runtime/serve/auth/auth-kinds.ts';
import type { AuthOptions } from '../../runtime/serve/auth/auth-options.ts';
import { METADATA_PATH } from '../../runtime/serve/auth/resource-metadata.ts';
import type { Admission } from '../../runtime/serve/http/admission.ts';
import { createGate } from '../../runtime/serve/http/gate.ts';
import {
  gateOptions,
  HTTP_HANDLER_DEFAULTS,
  type HttpHandler,
  restrictedEndpoint,
} from '../../runtime/serve/http/http-handler.ts';
import type { RequestHead } from '../../runtime/serve/http/request-head.ts';
import { ServeError } from '../../runtime/serve/http/serve-error.ts';
import { assertMountable } from '../../runtime/serve/mount/mountable.ts';
import { HTTP_HINTS, SESSIONS_KIND } from '../../runtime/serve/serve-options.ts';
import type { SessionOptions } from '../../runtime/serve/sessions/session-options.ts';

/** The caller, in the SDK's format. */
export type AuthInfo = NonNullable<NonNullable<Parameters<HttpHandler['fetch']>[1]>['authInfo']>;

export interface HttpMountOptions {
  /** The bearer token that every request must carry. `undefined` (`process.env.X`): no token. */
  readonly token?: string | undefined;
  /**
   * Who may call, with tokens of an identity provider or keys of their own. Requires `auth.publicUrl`. Also serve
   * `authPages`, so that clients find the provider.
   */
  readonly auth?: AuthOptions;
  /** Require no token: anyone who reaches the app can call every tool, or something in front authenticates callers. */
  readonly insecure?: boolean;
  /** Host names (without port) to accept in `Host`, in addition to loopback names. */
  readonly allowedHosts?: readonly string[];
  /** Origins (`https://app.example`) or their host names to accept in `Origin`, in addition to loopback origins. */
  readonly allowedOrigins?: readonly string[];
  /** Maximum size of a request body. Default 4 MiB. A body parser in front has its own limit. */
  readonly maxBodyBytes?: number;
  /**
   * Serve 2025 clients without sessions, so that any of several processes can respond: they cannot be asked questions and
   * are not notified. Workers are always stateless. Default false.
   */
  readonly stateless?: boolean;
  /** Bounds of their sessions. */
  readonly sessions?: Partial<SessionOptions>;
  /** How long to wait for calls in flight after `close()`, in milliseconds. Default 10,000. */
  readonly drainMs?: number;
  /** Receives errors that are not reported to a client. Default: ignored. */
  readonly onError?: (error: Error) => void;
}

const checked = declareOptions<HttpMountOptions>(
  'mcpHandler()',
  {
    token: text,
    auth: AUTH_KIND,
    insecure: onOff,
    allowedHosts: texts,
    allowedOrigins: texts,
    maxBodyBytes: number(COUNT),
    stateless: onOff,
    sessions: SESSIONS_KIND,
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

/** MCP with the same checks as `serveHttp`, for an app with its own server and routes. */
export interface GuardedEndpoint {
  readonly endpoint: Pick<HttpHandler, 'fetch'>;
  readonly maxBodyBytes: number;
  readonly onError: (error: Error) => void;
  /** Checks the head of a request before its body is read. Paths are up to the app. */
  admit(head: Omit<RequestHead, 'path'>): Promise<Admission>;
  /** The same for paths that authentication needs, wherever the endpoint is; `undefined` for any other path. */
  admitPage(head: RequestHead): Promise<Admission | undefined>;
  /** Waits for calls in flight, ends subscriptions, and responds with 503 from then on. The provider stays open. */
  close(): Promise<void>;
}

/**
 * @throws ServeError `TOKEN_REQUIRED` if there is neither a token, nor `auth`, nor `insecure: true`
 * @throws OptionError if the value is not a provider
 */
export function guardedEndpoint(provider: Provider, asked: HttpMountOptions, maker: string): GuardedEndpoint {
  const options = checked(asked, maker);
  const { token, auth, insecure = false, drainMs = 10_000, onError = () => {} } = options;
  assertMountable(provider, '');
  if (token === undefined && !auth && !insecure) {
    throw new ServeError(
      'TOKEN_REQUIRED',
      'Anyone who can reach this app can call every tool. Set a token that clients must send, auth to tell callers apart, or insecure: true if something in front of the app authenticates them.',
    );
  }
  const settled = { ...HTTP_HANDLER_DEFAULTS, ...defined(options), path: PATH, onError };
  const gate = gateOptions(settled, { name: provider.info.title ?? provider.info.name });
  const admit = createGate(gate);
  const endpoint = restrictedEndpoint(provider, settled);
  return {
    endpoint,
    maxBodyBytes: settled.maxBodyBytes,
    onError,
    admit: (head) => admit({ ...head, path: PATH }),
    async admitPage(head) {
      if (!mayBePage(head.path, auth)) return undefined;
      const admission = await admit(head);
      const isMissing = admission.kind === 'refused' && admission.answer.status === 404;
      return isMissing ? undefined : admission;
    },
    close: once(() => {
      endpoint.refuseCalls();
      return endpoint.drain(drainMs).then(() => endpoint.close());
    }),
  };
}

/** The app's other pages do not depend on the provider, which may be down. */
function mayBePage(path: string, auth: AuthOptions | undefined): boolean {
  if (!auth || path === PATH) return false;
  return path.startsWith(METADATA_PATH) || auth.proxy?.handler(path) !== undefined;
}

/** The check compares paths, but apps strip prefixes, so this always uses the endpoint's path. */
const PATH = '/';

/** The caller that the app's middleware has authenticated, where the SDK's own middleware puts it. */
export function authInfoOf(value: unknown): AuthInfo | undefined {
  const info = value as Partial<AuthInfo> | null | undefined;
  // Middleware that sets it follows the SDK's `AuthInfo`.
  return typeof info?.clientId === 'string' && Array.isArray(info.scopes) ? (info as AuthInfo) : undefined;
}
