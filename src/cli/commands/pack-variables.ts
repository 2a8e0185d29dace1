import { variablesIn } from '../../config/literal-secrets.ts';
import { oneLine, type PackVariable } from '../../pack/index.ts';
import type { NamedApi } from '../targets/opened-target.ts';

/** The variables that the server reads: those of the config, and those of credentials that the config does not set. */
export function packVariables(apis: readonly NamedApi[], written: unknown): readonly PackVariable[] {
  const all = [...variablesIn(written).map(fromConfig), ...apis.flatMap(ofCredentials)];
  const byName = new Map<string, PackVariable>();
  for (const variable of all) if (!byName.has(variable.name)) byName.set(variable.name, variable);
  return [...byName.values()];
}

const fromConfig = ({ name, at, isOptional, isSecret }: ReturnType<typeof variablesIn>[number]): PackVariable => ({
  name,
  description: `Used in ${at}.`,
  isRequired: !isOptional,
  isSecret,
});

function ofCredentials({ api: { credentials, model } }: NamedApi): readonly PackVariable[] {
  const open = credentials.filter(({ set }) => !set.some((source) => source.startsWith('auth.')));
  // With several schemes, or calls that need none, it depends on the call.
  const needed = model.operations.every(
    ({ auth }) => auth.length > 0 && auth.every(({ schemes }) => schemes.length > 0),
  );
  return open.flatMap(({ scheme, kind, variables, alternatives }) =>
    variables.map((name) => ({
      name,
      description: oneLine(`${scheme}: ${kind}`),
      isRequired:
        needed && credentials.length === 1 && alternatives.length === 1 && (alternatives[0] ?? []).includes(name),
      isSecret: !/(?:^|_)(?:BASIC_USERNAME|OAUTH_CLIENT_ID|AWS_REGION|AWS_SERVICE)_/.test(name),
    })),
  );
}
