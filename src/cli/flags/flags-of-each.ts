import type { ApiFlags } from '../../options/flags.ts';
import type { OptionRow } from '../../options/option-row.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import { usageError } from '../output/report.ts';
import type { CommandLine, GivenFlags } from './command-line.ts';

/**
 * The flags for each of several APIs, by namespace. A flag that applies to one API is written `--base-url
 * git=https://…`; switches, choices and numbers apply to all. With a single API the namespace is optional.
 *
 * @param flags with the defaults
 * @throws CommandError if it is unclear which API a value is for
 */
export function flagsOfEach(
  namespaces: readonly string[],
  { flags, given }: CommandLine<ApiFlags>,
): ReadonlyMap<string, CommandLine<ApiFlags>> {
  const rows = OPTIONS.filter(({ each }) => each);
  const values = rows.flatMap((row) => {
    const texts = (given[flagName(row)] ?? []) as readonly string[];
    return texts.map((text) => addressed(row, text, namespaces));
  });
  const shared = Object.fromEntries(
    Object.entries(given).filter(([name]) => !rows.some((row) => flagName(row) === name)),
  );
  return new Map(
    namespaces.map((namespace) => {
      const own = values.filter((value) => value.namespace === namespace);
      const texts = rows.map((row) => [row, own.filter((value) => value.row === row).map(({ text }) => text)] as const);
      return [namespace, { flags: settled(flags, texts), given: { ...shared, ...givenOf(texts) } }];
    }),
  );
}

type Texts = readonly (readonly [row: OptionRow, texts: readonly string[]])[];

function settled(flags: ApiFlags, texts: Texts): ApiFlags {
  const own = texts.map(([row, list]) => [flagName(row), row.repeat ? list : list.at(-1)]);
  return { ...flags, ...Object.fromEntries(own) };
}

const givenOf = (texts: Texts): GivenFlags =>
  Object.fromEntries(texts.filter(([, list]) => list.length > 0).map(([row, list]) => [flagName(row), list]));

function addressed(row: OptionRow, value: string, namespaces: readonly string[]) {
  const namespace = namespaces.find((name) => value.startsWith(`${name}=`));
  if (namespace !== undefined) return { row, namespace, text: value.slice(namespace.length + 1) };
  const [only, other] = namespaces;
  if (only !== undefined && other === undefined) return { row, namespace: only, text: value };
  if (only === undefined) {
    throw usageError(`${longFlag(row)} applies to an API, but there is none.`, 'Leave it out.');
  }
  const all = namespaces.map((name) => `${name}=…`).join(', ');
  throw usageError(
    `${longFlag(row)} applies to one API, but there are several.`,
    `Write ${longFlag(row)} <namespace>=<value> with one of these namespaces: ${all}`,
  );
}
