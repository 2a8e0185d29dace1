import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { LIST_MODES, type ListMode } from '../fit/list-modes.ts';
import { MAX_RESULT_TOKENS } from '../fit/results/result-limit.ts';
import type { Provider } from '../provider.ts';
import type { AuthOptions } from '../serve/auth/auth-options.ts';
import { TRANSPORTS, type TransportName } from '../serve/serve-defaults.ts';
import { errorLines } from '../where-thrown.ts';
import { quickStart } from './quick-start.ts';

/** How to start a program's server. */
export interface StartOptions {
  /** The transport if the command line does not choose one. Default `stdio`. */
  readonly transport?: TransportName;
  /**
   * How tools are listed if the command line does not say so: all (default); `compact`, in fewer tokens; `signature`, as one
   * tool that calls all; `search`, as three tools that find and call the others; `code`, as two tools that find the others
   * and run JavaScript that calls them; `auto`, the first of the others that fits into `budget`.
   */
  readonly mode?: ListMode;
  /** How many tokens the list of tools may cost a model. Default: 10,000 for `auto`, otherwise unlimited. */
  readonly budget?: number;
  /** Tools that search mode lists too. */
  readonly pinned?: readonly string[];
  /**
   * The most tokens that a result may cost a model; the rest is kept, and reached with `read_result`. 0: no limit. Default
   * 20,000.
   */
  readonly maxResultTokens?: number;
  /**
   * Operations with pages also take `cursor`, for the next page, and `max_items`, to collect pages. Default false.
   * Processes accept the cursors of each other if `OPENAPI_MCP_PAGING_KEY` is the same.
   */
  readonly paging?: boolean;
  /** Who may call over HTTP. The command line and the environment override it. */
  readonly auth?: AuthOptions;
  /** Default: those of the process. */
  readonly argv?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** An error in the command line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const USAGE = `Options: --transport stdio|http, --mode ${LIST_MODES.choices.join('|')}, --budget <tokens>, --max-result-tokens <tokens>, --paging
Over HTTP: --host <address>, --port <number>, --path <path>, --allowed-host <host>, --allowed-origin <origin>, --insecure, --stateless
Who may call over HTTP: --auth <preset or issuer URL>, --audience <text>, --required-scope <scope>, --public-url <url>`;

/**
 * Serves the provider over stdio, or over HTTP (`--transport http`, by default on 127.0.0.1:8000 at /mcp), until the
 * client disconnects or the process is signalled. Non-loopback addresses require `OPENAPI_MCP_TOKEN`, or `--auth` (also
 * `OPENAPI_MCP_AUTH`, with `OPENAPI_MCP_AUDIENCE`, `OPENAPI_MCP_REQUIRED_SCOPES`, `OPENAPI_MCP_PUBLIC_URL` and, for
 * presets that need them, `OPENAPI_MCP_AUTH_CLIENT_ID` and `OPENAPI_MCP_AUTH_CLIENT_SECRET`). Errors are reported on
 * stderr, with exit code 2.
 */
export async function startServer(provider: Provider, options: StartOptions = {}): Promise<void> {
  quickStart();
  try {
    await serve(provider, options);
  } catch (error) {
    tell(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
    await provider.close();
  }
}

/** Sets the variables of a `.env` file, if it exists; variables that are already set take precedence. */
export function loadEnvFile(file: URL): void {
  if (!existsSync(file)) return;
  for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) process.env[name] ??= value;
}

async function serve(given: Provider, options: StartOptions): Promise<void> {
  const { argv = process.argv.slice(2), environment = process.env } = options;
  const flags = readFlags(argv);
  if (flags.help) {
    process.stdout.write(`${USAGE}\n`);
    return given.close();
  }
  const transport = flags.transport ?? options.transport ?? TRANSPORTS.default;
  const callers = transport === 'http' ? await startedAuth(options.auth, flags, environment) : undefined;
  // Below what lists the tools in another mode.
  const restricted = callers ? await callers.restricted(given) : given;
  const paged = (flags.paging ?? options.paging) ? await withPaging(restricted, environment) : restricted;
  const fittedLists = await fitted(paged, options, flags);
  const [provider, stdio] = await Promise.all([
    keptResults({ provider: fittedLists, source: given }, options, flags['max-result-tokens']),
    transport === 'stdio' ? import('../serve/stdio/serve-stdio.ts') : undefined,
  ]);
  const interrupted = interruption();
  if (stdio) {
    const connection = await stdio.serveStdio(provider, { onError });
    // Somebody started it by hand, and would wonder why nothing happens.
    if (process.stdin.isTTY) tell(`Serving ${provider.info.name} over stdio to an MCP client. ${USAGE}`);
    await Promise.race([connection.closed, interrupted]);
    await connection.close();
  } else if (transport === 'http') {
    const { serveHttp } = await import('../serve/http/node-http.ts');
    const server = await serveHttp(provider, {
      ...(flags.host !== undefined && { host: flags.host }),
      ...(flags.port !== undefined && { port: readPort(flags.port) }),
      ...(flags.path !== undefined && { path: flags.path }),
      // An empty variable was probably set by mistake: reject it instead of serving without a token.
      token: environment.OPENAPI_MCP_TOKEN || undefined,
      auth: callers?.auth,
      allowedHosts: flags['allowed-host'] ?? [],
      allowedOrigins: flags['allowed-origin'] ?? [],
      insecure: flags.insecure ?? false,
      stateless: flags.stateless ?? false,
      flags: true,
      onError,
    });
    tell(`Serving ${server.url}`);
    await interrupted;
    await server.close();
    await callers?.close();
  } else {
    throw new StartError(`Unknown transport "${transport}". ${USAGE}`);
  }
}

/** Loaded only if something says who may call. */
async function startedAuth(
  auth: AuthOptions | undefined,
  flags: ReturnType<typeof readFlags>,
  environment: NonNullable<StartOptions['environment']>,
) {
  const { OPENAPI_MCP_AUTH: named } = environment;
  if (auth === undefined && !named && flags.auth === undefined) return undefined;
  const { startAuth } = await import('./start-auth.ts');
  return startAuth(auth ?? {}, {
    provider: flags.auth,
    audience: flags.audience,
    requiredScopes: flags['required-scope'],
    publicUrl: flags['public-url'],
    environment,
  });
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean' },
        transport: { type: 'string' },
        mode: { type: 'string' },
        budget: { type: 'string' },
        'max-result-tokens': { type: 'string' },
        paging: { type: 'boolean' },
        host: { type: 'string' },
        port: { type: 'string' },
        path: { type: 'string' },
        'allowed-host': { type: 'string', multiple: true },
        'allowed-origin': { type: 'string', multiple: true },
        insecure: { type: 'boolean' },
        stateless: { type: 'boolean' },
        auth: { type: 'string' },
        audience: { type: 'string', multiple: true },
        'required-scope': { type: 'string', multiple: true },
        'public-url': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)} ${USAGE}`);
  }
}

/** The command line overrides the program. */
async function fitted(
  provider: Provider,
  options: StartOptions,
  flags: { readonly mode?: string | undefined; readonly budget?: string | undefined },
): Promise<Provider> {
  const budget = flags.budget === undefined ? options.budget : Number(flags.budget);
  // fitTools() checks the values.
  const mode = (flags.mode ?? options.mode ?? LIST_MODES.default) as ListMode;
  if (mode === 'tools' && budget === undefined) return provider;
  const { fitTools } = await import('../fit/modes.ts');
  const pinned = options.pinned ?? [];
  const sandbox = mode === 'code' ? (await import('./quickjs-sandbox.ts')).quickJsSandbox : undefined;
  const fit = { mode, pinned, ...(budget !== undefined && { budget }), ...(sandbox && { sandbox }) };
  return (await fitTools(provider, fit)).provider;
}

async function withPaging(
  provider: Provider,
  { OPENAPI_MCP_PAGING_KEY: key }: NonNullable<StartOptions['environment']>,
): Promise<Provider> {
  const { pageResults } = await import('../fit/paging/page-results.ts');
  return pageResults(provider, key ? { key } : {});
}

async function keptResults(
  { provider, source }: { readonly provider: Provider; readonly source: Provider },
  options: StartOptions,
  flag: string | undefined,
): Promise<Provider> {
  const maxTokens = flag === undefined ? (options.maxResultTokens ?? MAX_RESULT_TOKENS) : Number(flag);
  if (maxTokens === 0) return provider;
  const { keepResultsInFiles } = await import('./keep-results-in-files.ts');
  // It checks the value.
  return keepResultsInFiles(provider, maxTokens, source);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new StartError(`"${text}" is not a valid port. Pass a number from 0 to 65535.`);
}

/** Resolves at the first SIGINT or SIGTERM, so that calls in flight can finish; the second one exits immediately. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}

const onError = (error: Error): void => tell(errorLines(error).join('\n'));

/** stdout is reserved for the protocol. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
