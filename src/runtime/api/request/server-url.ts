import { type ApiModel, type ServerChoice, takesClient } from '../../../model/index.ts';
import { isPrivateHost } from './addresses.ts';

/** The user's server options. */
export interface ServerSettings {
  /** `--server`: index from 0, URL (as written or resolved), name, or description. */
  readonly choice?: string | undefined;
  /** `--server-var` */
  readonly variables: Readonly<Record<string, string>>;
  /** `--base-url`: overrides every server, including those of paths and operations. */
  readonly baseUrl?: string | undefined;
}

/** `problem`: what is wrong and how to fix it, for the person who configures the server. */
export type ServerUrl = { readonly url: string } | { readonly problem: string };

/**
 * The absolute http(s) URL of the chosen server, without trailing slash; by default the first server. Variables use the
 * given values, or their defaults; a relative URL resolves against the document's URL (OpenAPI 3.1.1 §4.8.5, RFC 3986
 * §5). Percent-encoding is kept.
 */
export function serverUrl({
  servers,
  documentUrl,
  choice,
  variables,
  baseUrl,
}: ServerSettings & { servers: readonly ServerChoice[]; documentUrl?: string | undefined }): ServerUrl {
  if (baseUrl !== undefined) return absoluteUrl(baseUrl, undefined, '--base-url');
  const resolve = (server: ServerChoice) => resolveServer(server, variables, documentUrl);
  const chosen = choice === undefined ? servers[0] : findServer(servers, choice, resolve);
  if (chosen !== undefined) return resolve(chosen);
  const offered = servers.map((server, index) => `${index}: ${label(server)}`).join('; ');
  return { problem: `Unknown server "${choice}". Choose one of these with --server: ${offered}.` };
}

/**
 * The URL for one operation. Servers of a path or operation replace those of the document; `choice` also applies to
 * them, unless there is only one.
 */
export function operationServerUrl(
  { documentUrl, servers: ofApi }: Pick<ApiModel, 'servers' | 'documentUrl'>,
  servers: 'api' | readonly ServerChoice[],
  settings: ServerSettings,
): ServerUrl {
  if (servers === 'api') return serverUrl({ ...settings, documentUrl, servers: ofApi });
  return serverUrl({ ...settings, choice: servers.length === 1 ? undefined : settings.choice, documentUrl, servers });
}

/**
 * All origins that requests, and so credentials, may go to: `https://api.example.com`. Servers that cannot be resolved
 * are skipped.
 */
export function serverOrigins(model: ApiModel, settings: ServerSettings): readonly string[] {
  const lists = new Set([...model.operations.map(({ request }) => request.servers)]);
  const urls = [...lists].map((servers) => operationServerUrl(model, servers, settings));
  return [...new Set(urls.flatMap((server) => ('url' in server ? [new URL(server.url).origin] : [])))];
}

/**
 * The origins that receive client secrets for tokens: those of token URLs, and of discovery documents, which name the
 * token URL. `baseUrl`: the base of relative URLs (OpenAPI 3.1.1 §4.6), the default server.
 */
export function tokenOrigins(
  { auth }: Pick<ApiModel, 'auth'>,
  baseUrl: string | undefined,
  exchanging: readonly string[] = [],
): readonly string[] {
  const urls = Object.entries(auth).flatMap(([name, scheme]) => {
    if (scheme.kind === 'openIdConnect') return [scheme.discoveryUrl];
    if (scheme.kind !== 'oauth2') return [];
    const { clientCredentials, authorizationCode, deviceAuthorization, metadataUrl } = scheme;
    if (!exchanging.includes(name)) {
      return takesClient(scheme) ? (clientCredentials?.tokenUrl ?? metadataUrl ?? []) : [];
    }
    const flows = [clientCredentials, authorizationCode, deviceAuthorization];
    const named = flows.flatMap((flow) => (flow ? [flow.tokenUrl] : []));
    return metadataUrl === undefined ? named : [...named, metadataUrl];
  });
  return [...new Set(urls.filter((url) => URL.canParse(url, baseUrl)).map((url) => new URL(url, baseUrl).origin))];
}

/** Names given with `--server-var` that no server in the document has. */
export function unknownVariables(model: ApiModel, { variables }: Pick<ServerSettings, 'variables'>): readonly string[] {
  const lists = model.operations.map(({ request }) => (request.servers === 'api' ? [] : request.servers));
  const servers = [...model.servers, ...lists.flat()];
  return Object.keys(variables).filter((name) => !servers.some(({ url }) => url.includes(`{${name}}`)));
}

/**
 * Whether requests may go to private addresses. A document from a public URL may not name this machine or its network
 * (server-side request forgery), unless the user allows it, or sets the server.
 */
export function mayReachPrivate({
  documentOrigin,
  baseUrl,
  allowPrivate,
}: {
  documentOrigin?: string | undefined;
  baseUrl?: string | undefined;
  allowPrivate: boolean;
}): boolean {
  return allowPrivate || baseUrl !== undefined || documentOrigin === undefined || isPrivateUrl(documentOrigin);
}

/**
 * Whether a URL's host is clearly private: a private address, or a name without meaning in public DNS. Resolves
 * nothing.
 */
export function isPrivateUrl(url: string): boolean {
  return URL.canParse(url) && isPrivateHost(new URL(url).hostname);
}

function findServer(
  servers: readonly ServerChoice[],
  choice: string,
  resolve: (server: ServerChoice) => ServerUrl,
): ServerChoice | undefined {
  const wanted = choice.trim();
  const isWanted = (text: string | undefined) => text?.trim().toLowerCase() === wanted.toLowerCase();
  return (
    servers.find(({ url, name }) => url === wanted || isWanted(name)) ??
    servers.find(({ description }) => isWanted(description)) ??
    servers.find((server) => isAt(resolve(server), wanted)) ??
    (/^\d+$/.test(wanted) ? servers[Number(wanted)] : undefined)
  );
}

const isAt = (server: ServerUrl, url: string): boolean => 'url' in server && server.url === url.replace(/\/$/, '');

const label = ({ name, url, description }: ServerChoice): string =>
  [name, url, description].filter((text) => text !== undefined && text !== '').join(' ');

function resolveServer(
  { url, variables: declared }: ServerChoice,
  given: Readonly<Record<string, string>>,
  documentUrl: string | undefined,
): ServerUrl {
  const problems: string[] = [];
  const filled = url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = Object.hasOwn(declared, name) ? declared[name] : undefined;
    const value = Object.hasOwn(given, name) ? given[name] : variable?.default;
    if (value === undefined) {
      problems.push(`The server ${url} requires a value for {${name}}: pass --server-var ${name}=… or --base-url.`);
    } else if (Object.hasOwn(given, name) && variable?.enum !== undefined && !variable.enum.includes(value)) {
      problems.push(`Server variable "${name}" cannot be "${value}". Allowed: ${variable.enum.join(', ')}.`);
    }
    return value ?? '';
  });
  const [problem] = problems;
  return problem === undefined ? absoluteUrl(filled, documentUrl, `the server ${url}`) : { problem };
}

/** RFC 3986 §3.1: a URL with a scheme is absolute. */
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

function absoluteUrl(text: string, documentUrl: string | undefined, what: string): ServerUrl {
  const reference = text.trim();
  const isBaseUrl = what === '--base-url';
  const problem = (why: string): ServerUrl => ({
    problem: `${sentence(what)} ${why}.${isBaseUrl ? '' : ' Give the server with --base-url.'}`,
  });
  if (!HAS_SCHEME.test(reference)) {
    if (isBaseUrl) return problem('must be an absolute URL, such as https://api.example.com/v1');
    if (documentUrl === undefined) return problem('is relative, but the document was not loaded from a URL');
  }
  if (!URL.canParse(reference, documentUrl)) return problem('is not a URL');
  const url = new URL(reference, documentUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return problem('is not an http or https URL');
  if (url.username !== '' || url.password !== '') {
    return { problem: `The server at ${url.host} has a user name or password in its URL. Pass them as credentials.` };
  }
  // OpenAPI 3.2.0 §4.6: query and fragment must not be part of it; a path appended after a query would become part of
  // it.
  if (url.search !== '') return problem('has a query, so no path can be appended');
  return { url: url.origin + url.pathname.replace(/\/$/, '') };
}

/** `what` at the start of a sentence. */
const sentence = (what: string): string => what.charAt(0).toUpperCase() + what.slice(1);
