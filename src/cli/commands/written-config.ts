import type { OptionRow } from '../../options/option-row.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import type { GivenFlags } from '../flags/command-line.ts';
import { usageError } from '../output/report.ts';

export interface WrittenApi {
  readonly namespace: string;
  /** As the config file refers to the document. */
  readonly spec: string;
  /** Options by flag name: `{ readOnly: true, include: ['tag:pets'], mode: 'search' }`. */
  readonly options: GivenFlags;
}

export interface WrittenModule {
  readonly namespace: string;
  readonly path: string;
  /** As for an API; only those of `withFlags()` apply to a module. */
  readonly options: GivenFlags;
}

/** The content of a config file with these parts. @throws CommandError if an option cannot be written */
export function writtenConfig(
  apis: readonly WrittenApi[],
  modules: readonly WrittenModule[] = [],
): Readonly<Record<string, unknown>> {
  const documents = apis.map(
    ({ namespace, spec, options }) => [namespace, { spec, ...keysOf('api', options) }] as const,
  );
  const code = modules.map(
    ({ namespace, path, options }) => [namespace, { path: literalText(path), ...around(options) }] as const,
  );
  return {
    ...(documents.length > 0 && { apis: Object.fromEntries(documents) }),
    ...(code.length > 0 && { modules: Object.fromEntries(code) }),
    // Options that are not for one part are the same for all.
    ...keysOf('whole', [...apis, ...modules][0]?.options ?? {}),
  };
}

/** The options of documents that apply to modules too, as `withFlags()` does. */
function around({ readOnly, maxResult, timeout }: GivenFlags): Readonly<Record<string, unknown>> {
  const middleware = [
    ...(maxResult === undefined ? [] : [{ responseLimit: { maxBytes: last(maxResult) } }]),
    ...(timeout === undefined ? [] : [{ timeout: { ms: Number(last(timeout)) * 1000 } }]),
  ];
  return {
    ...(middleware.length > 0 && { middleware }),
    ...(readOnly === true && { transforms: ['readOnly'] }),
  };
}

const last = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);

function keysOf(of: 'api' | 'whole', options: GivenFlags): Record<string, unknown> {
  const entries = OPTIONS.flatMap((row) => {
    const value = options[flagName(row)];
    if (value === undefined || row.config?.of !== of) return [];
    return [[row.config.key, row.config.as === 'map' ? mapOf(value, row) : lastOf(value, row)] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * An option that applies to one API is a list of values on the command line; the last one wins. On the command line only
 * headers and credentials have variables, in a config file every text has.
 */
function lastOf(value: unknown, row: OptionRow): unknown {
  if (typeof value === 'string') return literalText(value);
  if (!Array.isArray(value)) return value;
  const texts = value.map((text) => literalText(String(text)));
  return row.repeat ? texts : texts.at(-1);
}

const HAS_VARIABLES = /^--(?:auth|header|document-header) /;

/** A text in a config file that has no variables. */
export const literalText = (text: string): string => text.replaceAll('${', () => '$${');

/** `['X-Team: a']` → `{ 'X-Team': 'a' }`, `['region=eu']` → `{ region: 'eu' }` */
function mapOf(values: unknown, row: Pick<OptionRow, 'flags'>): Readonly<Record<string, string>> {
  const separator = /header/.test(row.flags) ? ':' : '=';
  const pairs = (values as readonly string[]).map((text): [string, string] => {
    const at = text.indexOf(separator);
    const value = text.slice(at + 1).trim();
    if (at > 0) return [text.slice(0, at).trim(), HAS_VARIABLES.test(row.flags) ? value : literalText(value)];
    throw usageError(`${longFlag(row)}: "${text}" has no name.`, `Write it as name${separator}value.`);
  });
  return Object.fromEntries(pairs);
}
