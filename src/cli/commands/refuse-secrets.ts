import type { FlagsOf } from '../../options/flags.ts';
import { secretHeaderValues } from '../../runtime/api/conceal/index.ts';
import { usageError } from '../output/report.ts';
import type { Target } from '../targets/target.ts';

type Flags = Pick<FlagsOf<'install'>, 'auth' | 'header' | 'documentHeader' | 'overlay'> & {
  readonly env?: readonly string[];
};

/**
 * Refuses values that would be written in plain text to a config file, which is often shared, and read by other programs.
 *
 * @param addresses of what is served
 * @throws CommandError
 */
export function refuseSecrets(flags: Flags, addresses: readonly string[] = []): void {
  const { auth, env = [] } = flags;
  const [first] = [
    ...auth.filter(isLiteral).map((text) => `--auth ${schemeIn(text)}…`),
    ...headersIn('--header', flags.header),
    ...headersIn('--document-header', flags.documentHeader),
  ];
  if (first !== undefined) {
    throw usageError(
      `${first} would be written to the config file in plain text.`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
      'Write ${VARIABLE} instead, and pass the variable with --env-file or --env.',
    );
  }
  if ([...addresses, ...flags.overlay].some(holdsCredential)) {
    throw usageError(
      'A URL has a credential, which would be written to the config file in plain text.',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
      "Pass the URL without it, and a header: --document-header 'Authorization: Bearer ${TOKEN}', or --auth for an MCP server.",
    );
  }
  const withValue = env.find((variable) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable));
  if (withValue === undefined) return;
  throw usageError(
    `--env: "${withValue.split('=')[0]}" must be the name of a variable, without a value.`,
    'Put values into a file and pass it with --env-file.',
  );
}

const isLiteral = (text: string): boolean => !text.includes('${');

/** The token of an MCP server stands alone, and may end with "=". */
const schemeIn = (text: string): string => /^[\w.-]{1,40}=(?=[^=])/.exec(text)?.[0] ?? '';

/** The literal headers that hold a credential, without it: by their names, or because the value looks like one. */
function headersIn(flag: string, headers: readonly string[]): readonly string[] {
  return headers.flatMap((text) => {
    const colon = text.indexOf(':');
    const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    // Behind the namespace of an API: `pets=X-Key: …`
    const bare = name.replace(/^.*=/, '');
    return isLiteral(value) && secretHeaderValues({ [bare]: value }).length > 0 ? [`${flag} '${name}: …'`] : [];
  });
}

/** User info, or a query parameter that is a credential by its name or value. */
function holdsCredential(text: string): boolean {
  const [address] = /[a-z][a-z0-9+.-]*:\/\/.*$/is.exec(text) ?? [];
  if (address === undefined || !URL.canParse(address)) return false;
  const { username, password, searchParams } = new URL(address);
  return username + password !== '' || secretHeaderValues(Object.fromEntries(searchParams)).length > 0;
}

/** The files and URLs that a target names. */
export function addressesIn(target: Target): readonly string[] {
  switch (target.kind) {
    case 'document':
      return [target.document];
    case 'url':
      return [target.url];
    case 'several':
      return target.parts.flatMap((part) => addressesIn(part.target));
    default:
      return [];
  }
}
