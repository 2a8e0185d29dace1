// Compares a recorded request with what a case expects, as a server would read it: percent-encoding that does not change
// the meaning is equal (unreserved characters, upper and lower case of hex digits, "+" for a space in queries and forms,
// "%5B" for "[", which RFC 3986 forbids but servers accept), as is the order of parameters with different names.
// Delimiters of styles (comma, ";", "=", "&") are not equal to their encoded forms: servers split at them.
import { isDeepStrictEqual } from 'node:util';
import { pathOf } from './cases.mjs';

/** @returns what is wrong, or `undefined` */
export function faultOf(each, request) {
  const { sent } = each;
  const faults = [
    differs('method', [each.method ?? 'GET'], request.method),
    differs('path', [sent.path ?? pathOf(each)].flat().map(pathText), pathText(request.path)),
    differs('query', [sent.query ?? ''].flat().map(pairsText), pairsText(request.query)),
    ...Object.entries(sent.headers ?? {}).map(([name, want]) =>
      differs(`header ${name}`, [want], listText(request.headers[name])),
    ),
    sent.cookies && differs('cookies', [sent.cookies], cookiesOf(request.headers.cookie)),
    bodyFault(sent, request),
  ];
  return faults.find(Boolean);
}

function differs(what, wanted, got) {
  if (wanted.some((want) => isDeepStrictEqual(want, got))) return undefined;
  return `${what}: ${shown(got)}, expected ${wanted.map(shown).join(' or ')}`;
}

const shown = (value) => (value === undefined ? 'none' : JSON.stringify(value));

function bodyFault(sent, { headers, body }) {
  const text = body.toString('utf8');
  const type = headers['content-type']?.split(';')[0].trim().toLowerCase();
  if (sent.type !== undefined && type !== sent.type) return `media type: ${shown(type)}, expected "${sent.type}"`;
  if ('json' in sent) return differs('body', [sent.json], jsonOf(text));
  if ('form' in sent) return differs('body', [pairsText(sent.form)], pairsText(text));
  if ('parts' in sent)
    return differs('parts', [byName(sent.parts)], partsOf(text, headers['content-type'], sent.parts));
  if ('text' in sent) return differs('body', [sent.text], text);
  return undefined;
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text.slice(0, 200)}`;
  }
}

const RESERVED = /[[\]|{}"<>\\^` ]/g;

/** With everything decoded that may be, and everything encoded that must be. */
const settled = (text, free) =>
  text
    .replace(/%[0-9a-f]{2}/gi, (triple) => {
      const character = String.fromCharCode(Number.parseInt(triple.slice(1), 16));
      return free.test(character) ? character : triple.toUpperCase();
    })
    .replace(RESERVED, encodeURIComponent);

const pathText = (path) => settled(path, /[A-Za-z0-9\-._~!$'()*:@&+]/);

/** Pairs by name; those of one name stay in order. */
function pairsText(query) {
  const pairs = query === '' ? [] : query.replaceAll('+', '%20').split('&');
  return pairs
    .map((pair) => settled(pair, /[A-Za-z0-9\-._~!$'()*:@/?;]/))
    .map((pair) => [pair.split('=')[0], pair])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, pair]) => pair)
    .join('&');
}

/** A list may have spaces after its commas (RFC 9110 §5.6.1). Values in JSON have none to lose. */
const listText = (value) => value?.replaceAll(', ', ',');

const cookiesOf = (header) =>
  Object.fromEntries(
    (header ?? '')
      .split('; ')
      .filter((pair) => pair !== '')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );

const byName = (parts) => [...parts].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** The type of a part without one is text/plain (RFC 7578 §4.4). A file has a name (§4.2), or the type of bytes. */
function partsOf(text, contentType = '', wanted) {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  if (boundary === undefined) return `no boundary in ${contentType}`;
  const parts = text.split(`--${boundary}`).slice(1, -1);
  return byName(
    parts.map((part) => {
      const [head, ...rest] = part.split('\r\n\r\n');
      const content = rest.join('\r\n\r\n').replace(/\r\n$/, '');
      const name = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '';
      const type = /content-type:\s*([^;\r\n]+)/i.exec(head)?.[1].trim().toLowerCase() ?? 'text/plain';
      const isFile = /filename/i.test(head) || type === 'application/octet-stream';
      if (isFile && wanted.some((each) => each.name === name && each.isFile)) return { name, isFile, text: content };
      return { name, type, text: jsonText(type, content) };
    }),
  );
}

/** White space in JSON means nothing. */
const jsonText = (type, content) => (type === 'application/json' ? JSON.stringify(jsonOf(content)) : content);
