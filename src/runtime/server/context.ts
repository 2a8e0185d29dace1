import { stateOf } from '../middleware/with-middleware.ts';
import type {
  CallContext,
  Caller,
  Provider,
  ResourceResult,
  Root,
  RootsRequest,
  SampleAnswer,
  SampleRequest,
  Tool,
  ToolResult,
} from '../provider.ts';
import type { SharedStore } from '../shared-store.ts';
import { type AskPerson, askPerson } from './ask-person.ts';

/** Passed to every handler after its arguments. */
export interface Context<LifespanValue = undefined> {
  readonly requestId: string;
  /** The authenticated caller; absent on stdio and without authentication. */
  readonly caller?: Caller;
  /** The transport's session; absent if it has none (stdio, stateless HTTP). */
  readonly session?: string;
  /** Aborted when the client cancels or disconnects, or on timeout. */
  readonly signal: AbortSignal;
  /** Reports progress to the client; does nothing if the client did not ask for it. */
  progress(progress: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
  /** Log messages for the client. */
  readonly log: {
    debug(data: unknown): void;
    info(data: unknown): void;
    warning(data: unknown): void;
    error(data: unknown): void;
  };
  /** Whether the client can ask its user. */
  readonly canElicit: boolean;
  /**
   * Asks the client's user. With a `schema` of Zod, Valibot or ArkType the answer is validated and typed.
   *
   * ```ts
   * const answer = await elicit({ message: 'How many?', schema: z.object({ count: z.int() }) });
   * if (answer.action === 'accept') order(answer.content.count);
   * ```
   *
   * @throws ToolError if the client does not support it (see `canElicit`), or the answer does not match the schema
   */
  readonly elicit: AskPerson;
  /**
   * Samples from the client's language model; `undefined` if the client does not support it, which most do not.
   *
   * ```ts
   * const answer = await sample?.({ messages: [{ role: 'user', content: text('A title, please.') }], maxTokens: 50 });
   * ```
   */
  readonly sample?: (request: SampleRequest) => Promise<SampleAnswer>;
  /** The folders that the client's user works in; `undefined` if the client does not tell them. Deprecated in MCP. */
  readonly roots?: (request?: RootsRequest) => Promise<readonly Root[]>;
  /** What the processes of the server share; absent if it runs without a store. */
  readonly shared?: SharedStore;
  /** Reads a resource of this server, including its mounts. */
  readResource(uri: string): Promise<ResourceResult>;
  /** Calls a tool of this server, including its mounts, through the server's middleware. */
  callTool(name: string, args?: Readonly<Record<string, unknown>>): Promise<ToolResult>;
  listTools(): Promise<readonly Tool[]>;
  /** Shared by the middleware and the handler of one request. */
  readonly state: Map<unknown, unknown>;
  /** The value that the server's `lifespan` opened. */
  readonly lifespan: LifespanValue;
}

/**
 * @param signal the signal of the call, or one that aborts earlier
 * @param server handles what handlers request from their own server
 */
export function createContext<Value>(
  call: CallContext,
  signal: AbortSignal,
  lifespan: Value,
  server: Provider,
): Context<Value> {
  const { requestId, caller, session, sample, roots, shared } = call;
  const state = stateOf(call);
  const passed = {
    requestId,
    signal,
    ...(caller && { caller }),
    ...(session !== undefined && { session }),
    ...(sample && { sample: (request: SampleRequest) => sample.call(call, request) }),
    ...(roots && { roots: (request?: RootsRequest) => roots.call(call, request) }),
    ...(shared && { shared }),
    state,
  };
  const log = (level: 'debug' | 'info' | 'warning' | 'error') => (data: unknown) => call.log(level, data);
  // Progress of an inner call says nothing about the outer one.
  const inner = (): CallContext & { readonly state: typeof state } => ({
    ...passed,
    progress: () => {},
    log: (level, data) => call.log(level, data),
    ...(call.meta && { meta: call.meta }),
    ...(call.headers && { headers: call.headers }),
    ...(call.elicit && { elicit: askPerson(call) }),
  });
  return {
    ...passed,
    progress: (progress) => call.progress(progress),
    log: { debug: log('debug'), info: log('info'), warning: log('warning'), error: log('error') },
    canElicit: call.elicit !== undefined,
    elicit: askPerson(call),
    readResource: (uri) => server.readResource({ uri }, inner()),
    callTool: (name, args = {}) => server.callTool({ name, arguments: args }, inner()),
    listTools: () => server.listTools(caller ? { caller } : {}),
    lifespan,
  };
}
