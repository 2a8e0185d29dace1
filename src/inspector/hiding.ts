import { hiddenHeaders, madeFor } from '../dev/traffic.ts';
import { REDACTED, type Redaction, redaction, SECRET_KEYS } from '../runtime/middleware/redaction.ts';

/** Keeps secrets off the page. */
export interface Hiding {
  /** Schemas and descriptions: a property may be named `password`. */
  plain(value: unknown): unknown;
  /** Arguments and results: also the values of keys that look like secrets, and JSON in texts. */
  data(value: unknown): unknown;
  /** Also the values of such parameters. */
  url(url: string): string;
  /** JSON, a form, or any other text. */
  body(text: string): string;
  headers(pairs: Pairs): Pairs;
}
type Pairs = readonly (readonly [name: string, value: string])[];

export const hidingOf = (secrets: () => readonly string[]): (() => Hiding) => madeFor(secrets, createHiding);

function createHiding(secrets: readonly string[]): Hiding {
  const strings = redaction({ secrets, keys: NO_KEY });
  const everything = redaction({ secrets });
  return {
    plain: strings.value,
    data: (value) => texts(everything.value(value), everything),
    url: (url) => everything.text(withoutSecretPairs(url)),
    body: (text) => everything.text(FORM.test(text) ? withoutSecretPairs(text) : text),
    headers: (pairs) => hiddenHeaders(pairs, everything),
  };
}

const NO_KEY = /(?!)/;
const FORM = /^[^\s={}[\]<>&]+=[^\s]*$/;

/** Of a query, or a form that is encoded like one. */
const withoutSecretPairs = (text: string): string =>
  text.replace(/(^|[?&])([^=&#?]+)=([^&#]*)/g, (pair, before: string, name: string) =>
    SECRET_KEYS.test(decoded(name)) ? `${before}${name}=${REDACTED}` : pair,
  );

/** Texts in a result may be JSON, in which keys that look like secrets are found too. */
function texts(value: unknown, hide: Redaction): unknown {
  if (typeof value === 'string') return hide.text(value);
  if (Array.isArray(value)) return value.map((each) => texts(each, hide));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner, hide)]));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
