import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { blockYaml } from './block-yaml.ts';

/**
 * Parses YAML without anchors, tags, directives, merges, duplicate keys or errors: several times faster than the
 * careful reader (`yaml-to-json.ts`), with the same result.
 *
 * @returns `undefined` if the text needs the careful reader, which also reports errors
 */
export function plainYaml(text: string): { readonly value: unknown } | undefined {
  // The two readers count documents differently if one ends before it has started.
  if (/^\.\.\.(?:\s|$)/m.test(text)) return undefined;
  try {
    const value = (isSimple(text) ? readBlocks(text) : undefined)?.value ?? readEvents(text);
    return hasNumericVersion(value) ? undefined : { value };
  } catch {
    // NotPlain, a YAMLException, or a RangeError for text that is nested too deeply.
    return undefined;
  }
}

const readEvents = (text: string): unknown => builtFrom(parseEvents(text, { maxDepth: MAX_DEPTH }), text);

/** Line by line, again several times faster; `undefined` if the text is not written that way, or has mistakes. */
function readBlocks(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: blockYaml(text.replace(/^---\n/, ''), { coreValue, readOther: onlyValue }) };
  } catch {
    return undefined;
  }
}

/** The value of a document with one entry. */
function onlyValue(text: string): unknown {
  const [value, ...others] = Object.values(readEvents(text) as object);
  if (others.length > 0) throw new NotPlain();
  return value;
}

/** Without line breaks, spaces and characters that only the other readers know. */
function isSimple(text: string): boolean {
  const unusual = text.match(/[^\n\u0020-\u007e]+/g)?.join(' ') ?? '';
  return text.endsWith('\n') && !UNREADABLE.test(unusual);
}

/** Control characters, line and paragraph separators, byte order marks, and halves of surrogate pairs. */
const UNREADABLE =
  /[^ \u00a0-\u2027\u202a-\ufefe\uff00-\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The same limit as in the careful reader. */
const MAX_DEPTH = 1000;

class NotPlain extends Error {}

/** A list or map under construction. */
type Open =
  | { readonly kind: 'list'; readonly items: unknown[] }
  | { readonly kind: 'map'; readonly entries: Record<string, unknown>; key: string | undefined };

function builtFrom(events: readonly Event[], text: string): unknown {
  const open: Open[] = [];
  let documents = 0;
  let root: unknown;
  const add = (value: unknown): void => {
    const parent = open.at(-1);
    if (!parent) root = value;
    else if (parent.kind === 'list') parent.items.push(value);
    else {
      if (parent.key === undefined || Object.hasOwn(parent.entries, parent.key)) throw new NotPlain();
      parent.entries[parent.key] = value;
      parent.key = undefined;
    }
  };
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        if (documents++ > 0 || event.directives.length > 0) throw new NotPlain();
        break;
      case EVENT_ID.ALIAS:
        throw new NotPlain();
      case EVENT_ID.SCALAR: {
        if (isMarked(event)) throw new NotPlain();
        const parent = open.at(-1);
        if (isKeyNext(parent)) parent.key = keyOf(event, text);
        else add(scalarOf(event, text));
        break;
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        if (isMarked(event) || isKeyNext(open.at(-1))) throw new NotPlain();
        open.push(
          event.type === EVENT_ID.SEQUENCE ? { kind: 'list', items: [] } : { kind: 'map', entries: {}, key: undefined },
        );
        break;
      case EVENT_ID.POP: {
        // The last one closes the document.
        const done = open.pop();
        if (done) add(done.kind === 'list' ? done.items : done.entries);
        break;
      }
    }
  }
  return root;
}

const isMarked = ({ anchorStart, tagStart }: { readonly anchorStart: number; readonly tagStart: number }): boolean =>
  anchorStart >= 0 || tagStart >= 0;

const isKeyNext = (parent: Open | undefined): parent is Extract<Open, { readonly kind: 'map' }> =>
  parent?.kind === 'map' && parent.key === undefined;

function keyOf(event: ScalarEvent, text: string): string {
  const key = getScalarValue(text, event);
  // A quoted "<<" would be an ordinary key, which only the careful reader can distinguish. A missing key is an error, and
  // "__proto__" cannot be assigned.
  if (key === '<<' || key === '__proto__' || (key === '' && event.style === SCALAR_STYLE.PLAIN)) throw new NotPlain();
  return key;
}

function scalarOf(event: ScalarEvent, text: string): unknown {
  const value = getScalarValue(text, event);
  return event.style === SCALAR_STYLE.PLAIN ? coreValue(value) : value;
}

const NAMED: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** YAML 1.2.2 §10.3.2. Infinities and `.nan` are kept as text: JSON has neither. */
function coreValue(text: string): unknown {
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  const first = text.charCodeAt(0);
  // Only signs, "." and digits start a number.
  if (first < 0x2b || first > 0x39) return text;
  if (/^0(?:o[0-7]+|x[0-9a-fA-F]+)$/.test(text)) throw new NotPlain();
  if (!DECIMAL.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value) || Object.is(value, -0)) throw new NotPlain();
  return value;
}

/**
 * Unquoted, `3.0` and `1.10` are numbers, but versions are kept as text, as written, which only the careful reader can
 * do.
 */
function hasNumericVersion(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { openapi, swagger, info } = value as Readonly<Record<string, unknown>>;
  const { version } = (typeof info === 'object' && info !== null ? info : {}) as { readonly version?: unknown };
  return [openapi, swagger, version].some((each) => typeof each === 'number');
}
