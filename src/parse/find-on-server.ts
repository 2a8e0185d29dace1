import { DocumentError } from './api-document.ts';
import { decodeText } from './decode-text.ts';
import { type FetchOptions, fetchSource } from './fetch-source.ts';
import { publicAddress } from './public-address.ts';
import { documentLinkIn, recogniseText } from './recognise.ts';
import type { RawSource } from './source.ts';

/** Where frameworks serve their document, relative to the address of the API, most likely first. */
const PLACES = [
  'openapi.json', // FastAPI and many others
  'openapi.yaml',
  'openapi.yml',
  'v3/api-docs', // springdoc
  'swagger.json', // go-swagger, flask-restx
  'swagger.yaml',
  'api-docs', // swagger-jsdoc
  'api-json', // NestJS
  'docs-json',
  'documentation/json', // @fastify/swagger
  'docs/json',
  'swagger/v1/swagger.json', // Swashbuckle
  'openapi/v1.json', // ASP.NET Core
  'api/openapi.json',
  'api/swagger.json',
  'api/schema/', // drf-spectacular
  'schema/openapi.json', // Litestar
  'swagger/doc.json', // gin-swagger
  'swagger-json',
  'q/openapi', // Quarkus
  'openapi', // MicroProfile
  'doc', // Hono
  'apispec_1.json', // flasgger
  'v2/api-docs', // springfox
  '.well-known/openapi.json',
] as const;

const AT_ONCE = 5;
/** For all places together: a server that does not respond to unknown paths must not be waited for at each. */
const SEARCH_MS = 10_000;
const PLACE_MS = 4_000;

/**
 * Fetches the document at an address; if there is none, looks where frameworks serve it: below that address, then below
 * the root of the host. An HTML page may name its document, on the same origin.
 *
 * @throws DocumentError with the places that were tried
 */
export async function fetchOrFind(address: string, options: FetchOptions): Promise<RawSource> {
  let page: RawSource | undefined;
  let refused: DocumentError | undefined;
  try {
    page = await fetchSource(address, options);
    if (page.notModified || mayBeDocument(textOf(page))) return page;
  } catch (error) {
    if (!(error instanceof DocumentError) || error.status === undefined) throw error;
    refused = error;
  }
  // The address of a file is not that of an API.
  if (!isBase(new URL(address))) {
    if (refused) throw refused;
    if (page) return page;
  }
  const places = placesFor(address, page);
  const found = await firstDocument(places, options);
  if (found) return { ...found, lookedFrom: publicAddress(address) };
  throw notFound(address, { page, refused, places });
}

/** `/`, `/api/v1`, `/docs/index.html` */
const isBase = ({ pathname }: URL): boolean => /(?:^|\/)[^/.]*$|\.html?$/i.test(pathname);

const textOf = ({ bytes, charset }: RawSource): string => decodeText(bytes, charset).text;

const mayBeDocument = (text: string): boolean =>
  recogniseText(text) === undefined && /["']?\b(?:openapi|swagger|paths)["']?\s*:/.test(text);

/** More certain: pages of other kinds have such words, too. */
const isDocument = (text: string): boolean =>
  recogniseText(text) === undefined && /(?:^|[{,\n])\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?v?\d/.test(text);

function placesFor(address: string, page: RawSource | undefined): readonly string[] {
  const given = new URL(address);
  given.search = '';
  given.hash = '';
  const link = page && documentLinkIn(textOf(page));
  const base = given.href.replace(/[^/]*\.html?$/i, '').replace(/\/?$/, '/');
  const linked = link !== undefined && URL.canParse(link, given.href) ? new URL(link, given).href : undefined;
  const named = linked !== undefined && new URL(linked).origin === given.origin ? [linked] : [];
  const below = PLACES.map((place) => new URL(place, base).href);
  const atRoot = PLACES.map((place) => new URL(`/${place}`, base).href);
  return [...new Set([...named, ...below, ...atRoot])];
}

async function firstDocument(places: readonly string[], options: FetchOptions): Promise<RawSource | undefined> {
  const end = performance.now() + SEARCH_MS;
  for (let start = 0; start < places.length; start += AT_ONCE) {
    const left = end - performance.now();
    if (left <= 0) return undefined;
    const timeoutMs = Math.min(options.timeoutMs, PLACE_MS, left);
    const group = places.slice(start, start + AT_ONCE);
    const answers = await Promise.all(group.map((place) => documentAt(place, { ...options, timeoutMs })));
    const found = answers.find((answer) => answer !== undefined);
    if (found) return found;
  }
  return undefined;
}

/** A place without a document, whatever the reason, does not matter: there are others. */
async function documentAt(place: string, options: FetchOptions): Promise<RawSource | undefined> {
  const answer = await fetchSource(place, options).catch(() => undefined);
  if (answer === undefined) return undefined;
  return answer.notModified || isDocument(textOf(answer)) ? answer : undefined;
}

interface Search {
  /** What is at the address itself: a page, or an error status. */
  readonly page: RawSource | undefined;
  readonly refused: DocumentError | undefined;
  readonly places: readonly string[];
}

function notFound(address: string, { page, refused, places }: Search): DocumentError {
  const { origin } = new URL(address);
  const tried = places.map((place) => place.slice(origin.length)).join(', ');
  const recognised = page && recogniseText(textOf(page));
  const what = refused?.message ?? `There is ${recognised?.what ?? 'something else'} at this address.`;
  return new DocumentError(`${what} No OpenAPI document was found.`, {
    location: address,
    fix: `${refused?.fix ?? 'Pass the URL of the document itself.'} Tried: ${tried}`,
    kind: refused?.kind ?? 'document',
    status: refused?.status,
  });
}
