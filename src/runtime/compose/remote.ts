import { listening } from '../listening.ts';
import { once } from '../once.ts';
import { declareOptions } from '../options/declare-options.ts';
import { choice, number, type OptionKinds, onOff, text, texts } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import type { ListChange, Provider } from '../provider.ts';
import { MODES, type Mode } from './remote/mode.ts';
import { type Dialer, dialerOf, type RemoteTarget } from './remote/target.ts';

export type { RemoteCommand, RemoteTarget, RemoteUrl } from './remote/target.ts';

export interface RemoteOptions {
  /** The server's name in messages. Default: the host of its URL, or the name of its command. */
  readonly name?: string;
  /**
   * Time limit of a call without a progress update, in milliseconds. Default 600,000: the caller's own signal ends it
   * sooner.
   */
  readonly timeoutMs?: number;
  /** Time limit for connecting, and for a list, in milliseconds. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /**
   * `auto` (default): 2026-07-28 if the server supports it, otherwise 2025. `legacy`: always 2025, without negotiation.
   */
  readonly mode?: Mode;
  /**
   * Whether guards (`confirm()`, `readOnly()`, `cache()`, `retry()`, filters by annotation) may rely on the server's
   * annotations where they make a tool look safer. Clients see the annotations either way. Default false.
   */
  readonly trustHints?: boolean;
  /** Values to hide in the server's results, besides headers and variables that carry a credential. */
  readonly secrets?: readonly string[];
}

export const REMOTE_KINDS: OptionKinds<RemoteOptions> = {
  name: text,
  timeoutMs: number(TIMER_MS),
  connectTimeoutMs: number(TIMER_MS),
  trustHints: onOff,
  secrets: texts,
  mode: choice(MODES.choices),
};
const checked = declareOptions<RemoteOptions>('fromMcp()', REMOTE_KINDS, {
  hints: {
    headers: 'Pass them with the URL: fromMcp({ url, headers }).',
    auth: 'Pass it with the URL: fromMcp({ url, auth }).',
    token: 'Pass it with the URL: fromMcp({ url, auth: token }).',
    env: 'Pass it with the command: fromMcp({ command, env }).',
    args: 'Pass them with the command: fromMcp({ command, args }).',
    timeout: 'Write "timeoutMs", in milliseconds.',
  },
});

/**
 * A remote MCP server as a provider, of either protocol era. It is connected on first use, and reconnected if the
 * connection is lost. While it is down, its last known lists are kept, and calls fail with a clear error. Progress,
 * logs, cancellation, elicitation and sampling requests are forwarded.
 *
 * ```ts
 * server.mount('docs', fromMcp('https://docs.example.com/mcp'));
 * server.mount('files', fromMcp({ command: 'npx', args: ['-y', 'some-mcp-server'] }));
 * ```
 *
 * A given client belongs to its owner: it is neither closed nor reconnected, and answers questions as its owner has
 * configured it.
 *
 * @throws OptionError if the target is invalid, or an option is out of range for a timer
 */
export function fromMcp(target: RemoteTarget, options: RemoteOptions = {}): Provider {
  const { timeoutMs = 600_000, connectTimeoutMs = 30_000, trustHints = false, mode = MODES.default } = checked(options);
  const dialer = dialerOf(target);
  const label = options.name ?? dialer.label;
  return whenUsed({ name: label, version: '0.0.0' }, async () => {
    const { remoteProvider } = await import('./remote/remote-provider.ts');
    const provider = remoteProvider({ dialer, label, timeoutMs, connectTimeoutMs, trustHints, mode });
    return 'open' in dialer ? withoutSecrets(provider, dialer, options.secrets ?? []) : provider;
  });
}

/** Hides the server's credential from the model, in case the server echoes it. */
async function withoutSecrets(provider: Provider, { sent, secrets }: Dialer, more: readonly string[]) {
  const [{ secretsOf }, { withMiddleware }, { redact }] = await Promise.all([
    import('../api/conceal/secrets-of.ts'),
    import('../middleware/with-middleware.ts'),
    import('../middleware/redact.ts'),
  ]);
  const { anywhere } = secretsOf({ credentials: {}, headers: sent, secrets: [...secrets, ...more] });
  return anywhere.length === 0 ? provider : withMiddleware(provider, redact({ keys: NO_KEY, secrets: anywhere }));
}

/** Names in the server's own data are not changed. */
const NO_KEY = /(?!)/;

/**
 * A provider that is created on first use, so a server that mounts another one can start without loading the client
 * code.
 *
 * @param info used until then
 */
function whenUsed(info: Provider['info'], make: () => Promise<Provider>): Provider {
  const changes = listening<ListChange>();
  let made: Provider | undefined;
  const provider = once(async () => {
    made = await make();
    made.onChange(changes.tell);
    return made;
  });
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
    onChange: changes.listen,
    // Even if it was never used: later calls fail because it is closed.
    close: async () => (await provider()).close(),
  };
}
