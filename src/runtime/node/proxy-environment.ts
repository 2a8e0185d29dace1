import { isInBlock } from '../api/request/addresses.ts';

/** Proxies for plain and secure requests, as absolute http(s) URLs, and `NO_PROXY`: the hosts without proxy. */
export interface ProxySettings {
  readonly http?: string;
  readonly https?: string;
  readonly no?: string;
}

/**
 * The proxies in `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`; the lower-case names take precedence, as in curl.
 *
 * @throws Error if one is not an http(s) URL; it names the variable, not its value, which may contain a password
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const http = proxyUrl(env, 'HTTP_PROXY');
  const https = proxyUrl(env, 'HTTPS_PROXY');
  const no = variable(env, 'NO_PROXY');
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    ...(no === undefined ? {} : { no }),
  };
}

/**
 * The proxy for an origin; `undefined` for a direct connection. `NO_PROXY` is read as in Go and curl: a list, separated
 * by commas or spaces, of `*`, `host` (with its subdomains), `.host` or `*.host` (subdomains), each with or without
 * `:port`, addresses and CIDR blocks. This machine itself is never reached through a proxy.
 */
export function proxyFor(origin: URL, { http, https, no = '' }: ProxySettings): string | undefined {
  const proxy = origin.protocol === 'https:' ? https : http;
  if (proxy === undefined || isThisMachine(origin.hostname)) return undefined;
  const entries = no.split(/[\s,]+/).filter((entry) => entry !== '');
  return entries.some((entry) => isNamed(origin, entry.toLowerCase())) ? undefined : proxy;
}

function variable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = env[name.toLowerCase()]?.trim() || env[name]?.trim();
  return value || undefined;
}

function proxyUrl(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = variable(env, name);
  if (value === undefined) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new Error(`${name} is not a supported proxy. Set it to an http:// or https:// URL.`);
}

function isThisMachine(hostname: string): boolean {
  const host = bare(hostname);
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isInBlock(host, '127.0.0.0/8') || isInBlock(host, '::1/128');
}

function isNamed(origin: URL, entry: string): boolean {
  if (entry === '*') return true;
  const host = bare(origin.hostname);
  if (isInBlock(host, entry)) return true;
  const withPort = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort !== null && withPort[2] !== (origin.port || DEFAULT_PORT[origin.protocol])) return false;
  const name = bare(withPort?.[1] ?? entry).replace(/^\*\./, '.');
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

const DEFAULT_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Without the brackets of an IPv6 address. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');
