/** Whether a text has a format of JSON Schema or OpenAPI; formats that are not listed accept every text. */
export function hasFormat(text: string, format: string): boolean {
  const test = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (test === undefined) return true;
  return test instanceof RegExp ? test.test(text) : test(text);
}

const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[zZ]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`;
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;

/** Never more lenient than ajv-formats, by which results are validated. */
const FORMATS: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  date: isDate,
  time: new RegExp(`^${TIME}$`),
  'date-time'(text) {
    const [date = '', time = '', ...more] = text.split(/t|\s/i);
    return more.length === 0 && isDate(date) && new RegExp(`^${TIME}$`).test(time);
  },
  'iso-date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/,
  duration: /^P(?!$)(?:(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?|\d+W)$/,
  email: /^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
  hostname: /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i,
  ipv4: new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`),
  ipv6: /^(?:(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|(?=(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}$)(?:[\da-f]{1,4}(?::[\da-f]{1,4})*)?::(?:[\da-f]{1,4}(?::[\da-f]{1,4})*)?)$/i,
  uri: isUri,
  url: (text) => /^https?:\/\/[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d{2,5})?(?:[/?#][^\s]*)?$/i.test(text) && isUri(text),
  'uri-reference': /^(?:[!#$&-;=?-Z_a-z~]|%[\da-f]{2})*$/i,
  'uri-template': /^(?:[!#$&(-;=?-Z_a-z~]|%[\da-f]{2}|\{[\w.,*:]+\})*$/i,
  iri: isUri,
  uuid: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
  byte: /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/,
  'json-pointer': /^(?:\/(?:[^~/]|~0|~1)*)*$/,
  'relative-json-pointer': /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/,
  regex(text) {
    try {
      new RegExp(text, 'u');
      return true;
    } catch {
      return false;
    }
  },
};

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [, year = 0, month = 0, day = 0] = match.map(Number);
  const date = new Date(Date.UTC(2000, month - 1, day));
  // February 29 depends on the year, which `Date.UTC` reads as 19xx if it is small.
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
}

/** RFC 3986 §3, without what only some readers accept. */
function isUri(text: string): boolean {
  if (!/^[a-z][a-z\d+.-]*:(?:[!#$&-;=?-Z_a-z~]|%[\da-f]{2})+$/i.test(text) || text.split('#').length > 2) return false;
  return !/^[a-z][a-z\d+.-]*:\/\//i.test(text) || URL.canParse(text);
}

/** A text of a format; `random`: numbers from 0 to 1, which vary it. */
export function textOfFormat(format: string, random: () => number): string | undefined {
  const make = Object.hasOwn(MAKERS, format) ? MAKERS[format] : undefined;
  return make?.(random);
}

const upTo = (most: number, random: () => number): number => Math.floor(random() * most);
const two = (number: number): string => String(number).padStart(2, '0');

/** Without randomness, each is the value that examples always had. */
const MAKERS: Readonly<Record<string, (random: () => number) => string>> = {
  'date-time': (random) => `${dateOf(random)}T${two((12 + upTo(12, random)) % 24)}:${two(upTo(60, random))}:00Z`,
  'iso-date-time': (random) => `${dateOf(random)}T12:00:00Z`,
  date: dateOf,
  time: (random) => `${two((12 + upTo(12, random)) % 24)}:00:00Z`,
  duration: (random) => `P${1 + upTo(30, random)}D`,
  email: (random) => `${random() === 0 ? 'someone' : wordOf(random)}@example.com`,
  'idn-email': () => 'someone@example.com',
  hostname: (random) => (random() === 0 ? 'example.com' : `${wordOf(random)}.example.com`),
  'idn-hostname': () => 'example.com',
  ipv4: (random) => `192.0.2.${1 + upTo(254, random)}`,
  ipv6: (random) => `2001:db8::${(1 + upTo(65_000, random)).toString(16)}`,
  uri: (random) => `https://example.com/${random() === 0 ? '' : wordOf(random)}`,
  url: (random) => `https://example.com/${random() === 0 ? '' : wordOf(random)}`,
  iri: () => 'https://example.com/',
  'uri-reference': (random) => `/${random() === 0 ? '' : wordOf(random)}`,
  'iri-reference': () => '/',
  'uri-template': () => '/{id}',
  uuid: uuidOf,
  byte: () => 'ZXhhbXBsZQ==',
  'json-pointer': () => '/example',
  'relative-json-pointer': () => '0',
  regex: () => '^example$',
};

function dateOf(random: () => number): string {
  const date = `2024-${two(1 + upTo(12, random))}-${two(31 - upTo(4, random) * 10)}`;
  // The 31st is only in some months.
  return isDate(date) ? date : date.replace(/\d\d$/, '28');
}

function uuidOf(random: () => number): string {
  const base = '6f1e2d3c-4b5a-4978-8a6b-5c4d3e2f1a0b';
  const digit = (character: string) =>
    /[\da-f]/.test(character) ? ((Number.parseInt(character, 16) + upTo(16, random)) % 16).toString(16) : character;
  // The version and the variant stay (RFC 9562 §4).
  return [...base].map((character, at) => (at === 14 || at === 19 ? character : digit(character))).join('');
}

const WORDS = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fern',
  'grove',
  'heath',
  'iris',
  'juniper',
  'kelp',
  'lark',
];

/** A short word, `example` without randomness. */
export function wordOf(random: () => number): string {
  const at = random();
  return at === 0 ? 'example' : (WORDS[Math.floor(at * WORDS.length)] ?? 'example');
}
