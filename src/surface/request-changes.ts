import { isDeepStrictEqual } from 'node:util';
import { type Change, change } from './change.ts';
import type { SurfaceApi, SurfaceRequest } from './surface.ts';

/** The differences between the requests of two versions of a tool. */
export function requestChanges(subject: string, old: SurfaceRequest, now: SurfaceRequest): Change[] {
  return [
    ...placeChanges(subject, old, now),
    ...serverChanges(subject, { servers: old.servers ?? [] }, { servers: now.servers ?? [] }),
    ...parameterChanges(subject, old, now),
    ...bodyChanges(subject, old.body ?? [], now.body ?? []),
    ...authChanges(subject, old.auth, now.auth),
  ];
}

/** The same method and path; names of path parameters do not matter. */
export const samePlace = (one: SurfaceRequest, other: SurfaceRequest): boolean =>
  one.method === other.method && withoutNames(one.path) === withoutNames(other.path);

const withoutNames = (path: string): string => path.replace(/\{[^{}]*\}/g, '{}');

function placeChanges(subject: string, old: SurfaceRequest, now: SurfaceRequest): Change[] {
  if (samePlace(old, now)) return [];
  const message = `It calls ${now.method} ${now.path} instead of ${old.method} ${old.path}.`;
  return [change('REQUEST_MOVED', subject, message)];
}

/** The first server is the default. */
export function serverChanges(subject: string, old: SurfaceApi, now: SurfaceApi): Change[] {
  const [[before], [after]] = [old.servers, now.servers];
  if (before !== after) {
    const place = after === undefined ? 'the servers of the API' : after;
    return [
      change(
        'SERVER_CHANGED',
        subject,
        `Requests go to ${place}${before === undefined ? '' : ` instead of ${before}`}.`,
      ),
    ];
  }
  if (isDeepStrictEqual(old.servers, now.servers)) return [];
  return [change('SERVERS_CHANGED', subject, `The servers are now ${now.servers.join(', ')}.`)];
}

/** Only of arguments that both versions have: others are changes of the arguments. */
function parameterChanges(subject: string, old: SurfaceRequest, now: SurfaceRequest): Change[] {
  return Object.entries(old.parameters).flatMap(([argument, before]) => {
    const after = Object.hasOwn(now.parameters, argument) ? now.parameters[argument] : undefined;
    if (after === undefined || withoutPathName(before) === withoutPathName(after)) return [];
    return [change('PARAMETER_MOVED', subject, `"${argument}" is sent as ${after} instead of ${before}.`)];
  });
}

/** The name of a path parameter is not sent. */
const withoutPathName = (place: string): string => place.replace(/^path [^,]*/, 'path');

function bodyChanges(subject: string, old: readonly string[], now: readonly string[]): Change[] {
  const lost = old.filter((type) => !now.includes(type));
  const gained = now.filter((type) => !old.includes(type));
  if (lost.length === 0 && (gained.length === 0 || old.length > 0) && old[0] === now[0]) {
    return gained.length === 0 ? [] : [change('BODY_ADDED', subject, `The body may also be ${gained.join(' or ')}.`)];
  }
  const words = (types: readonly string[]) => types.join(' or ') || 'nothing';
  return [change('BODY_CHANGED', subject, `The body is ${words(now)} instead of ${words(old)}.`)];
}

type Alternatives = SurfaceRequest['auth'];
type Alternative = Alternatives[number];

/** No alternatives at all, or an empty one: no credential is needed. */
function authChanges(subject: string, old: Alternatives, now: Alternatives): Change[] {
  if (isDeepStrictEqual(old, now)) return [];
  const [before, after] = [orNone(old), orNone(now)];
  // What was enough must still be enough: as one of the alternatives, or because one of them needs less.
  const isEnough = (given: Alternative, all: Alternatives) =>
    all.some((alternative) => alternative.every((scheme) => given.some((each) => covers(each, scheme))));
  const tightened = before.some((given) => !isEnough(given, after));
  const message = `It needs ${authWords(after)} instead of ${authWords(before)}.`;
  if (tightened) return [change('AUTH_TIGHTENED', subject, message)];
  const loosened = after.some((given) => !isEnough(given, before));
  return loosened ? [change('AUTH_LOOSENED', subject, message)] : [];
}

const orNone = (alternatives: Alternatives): Alternatives => (alternatives.length === 0 ? [[]] : alternatives);

/** `oauth (read, write)` covers `oauth (read)`. */
const covers = (given: Alternative[number], needed: Alternative[number]): boolean =>
  given.scheme === needed.scheme && needed.scopes.every((scope) => given.scopes.includes(scope));

const authWords = (alternatives: Alternatives): string =>
  alternatives.map((schemes) => schemes.map(schemeWords).join(' and ') || 'no credential').join(', or ');

const schemeWords = ({ scheme, scopes }: Alternative[number]): string =>
  scopes.length > 0 ? `"${scheme}" (${scopes.join(', ')})` : `"${scheme}"`;
