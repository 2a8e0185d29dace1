import { stateOf } from '../middleware/with-middleware.ts';
import type {
  CallContext,
  Caller,
  Provider,
  ResourceResult,
  SampleAnswer,
  SampleRequest,
  Tool,
  ToolResult,
} from '../provider.ts';
import { type AskPerson, askPerson } from './ask-person.ts';

/** What every handler is given beside its arguments. */
export interface Context<LifespanValue = undefined> {
  readonly requestId: string;
  /** The authenticated caller; absent on stdio and where no authentication is configured. */
  readonly caller?: Caller;
  /** The session of the transport; absent where it has none (stdio, stateless HTTP). */
  readonly session?: string;
  /** Aborted when the client cancels or goes away, or the handler's time is up. */
  readonly signal: AbortSignal;
  /** Tells the client how far the call is; does nothing where the client did not ask for it. */
  progress(progress: { readonly progress: number; readonly total?: number; readonly message?: string }): void;
  /** Log messages for the client. */
  readonly log: {
    debug(data: unknown): void;
    info(data: unknown): void;
    warning(data: unknown): void;
    error(data: unknown): void;
  };
  /** Whether the client can ask its person. */
  readonly canElicit: boolean;
  /**
   * Asks the person behind the client. With a `schema` of Zod, Valibot or ArkType the answer is checked and typed.
   *
   * ```ts
   * const answer = await elicit({ message: 'How many?', schema: z.object({ count: z.int() }) });
   * if (answer.action === 'accept') order(answer.content.count);
   * ```
   *
   * @throws ToolError where the client cannot (see `canElicit`), or the answer does not fit the schema.
   */
  readonly elicit: AskPerson;
  /**
   * Asks the client's own language model; `undefined` where the client offers none, as most do not.
   *
   * ```ts
   * const answer = await sample?.({ messages: [{ role: 'user', content: text('A title, please.') }], maxTokens: 50 });
   * ```
   */
  readonly sample?: (request: SampleRequest) => Promise<SampleAnswer>;
  /** Reads a resource of this server, those of its mounts included. */
  readResource(uri: string): Promise<ResourceResult>;
  /** Calls a tool of this server, those of its mounts included, through the server's middleware. */
  callTool(name: string, args?: Readonly<Record<string, unknown>>): Promise<ToolResult>;
  listTools(): Promise<readonly Tool[]>;
  /** Shared by the middleware and the handler of this request, and forgotten with it. */
  readonly state: Map<unknown, unknown>;
  /** What the server's `lifespan` opened. */
  readonly lifespan: LifespanValue;
}

/**
 * @param signal that of the call, or one with an earlier end.
 * @param server answers what handlers ask of their own server.
 */
export function createContext<Value>(
  call: CallContext,
  signal: AbortSignal,
  lifespan: Value,
  server: Provider,
): Context<Value> {
  const { requestId, caller, session, sample } = call;
  const state = stateOf(call);
  const log = (level: 'debug' | 'info' | 'warning' | 'error') => (data: unknown) => call.log(level, data);
  // How far an inner call is says nothing of the outer one.
  const inner = (): CallContext & { readonly state: typeof state } => ({
    requestId,
    signal,
    progress: () => {},
    log: (level, data) => call.log(level, data),
    ...(caller && { caller }),
    ...(session !== undefined && { session }),
    ...(call.meta && { meta: call.meta }),
    ...(call.headers && { headers: call.headers }),
    ...(call.elicit && { elicit: askPerson(call) }),
    ...(sample && { sample: (request) => sample.call(call, request) }),
    state,
  });
  return {
    requestId,
    signal,
    ...(caller && { caller }),
    ...(session !== undefined && { session }),
    progress: (progress) => call.progress(progress),
    log: { debug: log('debug'), info: log('info'), warning: log('warning'), error: log('error') },
    canElicit: call.elicit !== undefined,
    elicit: askPerson(call),
    ...(sample && { sample: (request) => sample.call(call, request) }),
    readResource: (uri) => server.readResource({ uri }, inner()),
    callTool: (name, args = {}) => server.callTool({ name, arguments: args }, inner()),
    listTools: () => server.listTools(caller ? { caller } : {}),
    state,
    lifespan,
  };
}
