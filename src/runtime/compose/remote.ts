import { declareOptions } from '../options/declare-options.ts';
import { choice, number, type OptionKinds, onOff, text, texts } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import type { ListChange, Provider } from '../provider.ts';
import { type Dialer, dialerOf, type RemoteTarget } from './remote/target.ts';

export type { RemoteCommand, RemoteTarget, RemoteUrl } from './remote/target.ts';

export interface RemoteOptions {
  /** What messages call the server. Default: the host of its URL, or the name of its command. */
  readonly name?: string;
  /** Milliseconds a call may take without a sign of progress. Default 600,000: the caller's own signal ends it sooner. */
  readonly timeoutMs?: number;
  /** Milliseconds a connection, or a list, may take. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /** `auto` (default): 2026-07-28 where the server speaks it, else 2025. `legacy`: 2025 in any case, without asking. */
  readonly mode?: 'auto' | 'legacy';
  /**
   * Whether guards (`confirm()`, `readOnly()`, `cache()`, `retry()`, filters by annotation) may rely on the server's own
   * annotations where they make a tool look safe. Clients are shown the annotations either way. Default false.
   */
  readonly trustHints?: boolean;
  /** Values that no result of the server may show, besides headers and variables that carry a credential. */
  readonly secrets?: readonly string[];
}

export const REMOTE_KINDS: OptionKinds<RemoteOptions> = {
  name: text,
  timeoutMs: number(TIMER_MS),
  connectTimeoutMs: number(TIMER_MS),
  trustHints: onOff,
  secrets: texts,
  mode: choice({ auto: true, legacy: true }),
};
const checked = declareOptions<RemoteOptions>('fromMcp()', REMOTE_KINDS, {
  hints: {
    headers: 'Pass them with the URL: fromMcp({ url, headers }).',
    env: 'Pass it with the command: fromMcp({ command, env }).',
    args: 'Pass them with the command: fromMcp({ command, args }).',
    timeout: 'Write "timeoutMs", in milliseconds.',
  },
});

/**
 * A remote MCP server as a provider, of either protocol era. It is connected when it is first used, and again when the
 * connection is lost. While it is down its last known lists stay, and calls answer with a clear error. Progress, logs,
 * cancellation and questions to the person or the client's model (elicitation, sampling) are passed through.
 *
 * ```ts
 * server.mount('docs', fromMcp('https://docs.example.com/mcp'));
 * server.mount('files', fromMcp({ command: 'npx', args: ['-y', 'some-mcp-server'] }));
 * ```
 *
 * A client that is given stays its owner's: it is not closed, nor connected again, and answers questions as its owner
 * has set it up.
 *
 * @throws OptionError where the target is none, or an option is no number that a timer takes.
 */
export function fromMcp(target: RemoteTarget, options: RemoteOptions = {}): Provider {
  const { timeoutMs = 600_000, connectTimeoutMs = 30_000, trustHints = false, mode = 'auto' } = checked(options);
  const dialer = dialerOf(target);
  const label = options.name ?? dialer.label;
  return whenUsed({ name: label, version: '0.0.0' }, async () => {
    const { remoteProvider } = await import('./remote/remote-provider.ts');
    const provider = remoteProvider({ dialer, label, timeoutMs, connectTimeoutMs, trustHints, mode });
    return 'open' in dialer ? withoutSecrets(provider, dialer, options.secrets ?? []) : provider;
  });
}

/** A server that echoes the credential it was sent must not hand it to the model. */
async function withoutSecrets(provider: Provider, { sent, secrets }: Dialer, more: readonly string[]) {
  const [{ secretsOf }, { withMiddleware }, { redact }] = await Promise.all([
    import('../api/conceal/secrets-of.ts'),
    import('../middleware/with-middleware.ts'),
    import('../middleware/redact.ts'),
  ]);
  const { anywhere } = secretsOf({ credentials: {}, headers: sent, secrets: [...secrets, ...more] });
  return anywhere.length === 0 ? provider : withMiddleware(provider, redact({ keys: NO_KEY, secrets: anywhere }));
}

/** What a server calls its own data is its own matter. */
const NO_KEY = /(?!)/;

/**
 * A provider that is made when it is first used: a server that mounts another one can start without the code of a client.
 *
 * @param info until then
 */
function whenUsed(info: Provider['info'], make: () => Promise<Provider>): Provider {
  const listeners = new Set<(change: ListChange) => void>();
  let making: Promise<Provider> | undefined;
  let made: Provider | undefined;
  const provider = (): Promise<Provider> => {
    making ??= make().then((one) => {
      made = one;
      one.onChange((change) => {
        for (const listener of [...listeners]) listener(change);
      });
      return one;
    });
    return making;
  };
  return {
    contract: 1,
    get info() {
      return made?.info ?? info;
    },
    listTools: async (context) => (await provider()).listTools(context),
    callTool: async (call, context) => (await provider()).callTool(call, context),
    listResources: async (context) => (await provider()).listResources(context),
    listResourceTemplates: async (context) => (await provider()).listResourceTemplates(context),
    readResource: async (read, context) => (await provider()).readResource(read, context),
    listPrompts: async (context) => (await provider()).listPrompts(context),
    getPrompt: async (get, context) => (await provider()).getPrompt(get, context),
    complete: async (completion, context) => (await provider()).complete(completion, context),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    // Also where it was never used: whoever calls it after that is told that it is closed.
    close: async () => (await provider()).close(),
  };
}
