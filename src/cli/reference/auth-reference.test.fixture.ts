import { AUTH_PRESETS } from '../../runtime/serve/auth/presets/index.ts';
import type { AuthPreset } from '../../runtime/serve/auth/presets/preset.ts';

/** The section of docs/auth.md about presets, from their data. */
export function authReference(): string {
  return AUTH_PRESETS.map(presetSection).join('\n\n');
}

function presetSection(preset: AuthPreset): string {
  const { name, title, account, notes, tokens } = preset;
  const value = account ? `${name}:${account.example}` : name;
  const facts = [
    ...(account ? [`After the name: ${account.what}.`] : []),
    `Access tokens are ${tokens.kind === 'jwt' ? 'JWTs, verified with the keys of the provider' : 'opaque: the provider is asked about each, at most once a minute'}.`,
    audienceOf(preset),
    REGISTRATION[preset.registration],
    ...notes,
  ];
  return [
    `### ${title}`,
    `\`--auth ${value}\`${name === 'oidc' ? ', or just the URL' : ''}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
  ].join('\n\n');
}

function audienceOf({ tokens }: AuthPreset): string {
  if (tokens.kind === 'opaque')
    return 'A token must have been issued to your client id: tokens of other applications are refused.';
  const { audience, audienceClaim = 'aud' } = tokens;
  if (audience === undefined) return 'Default audience: the public URL.';
  const value =
    audience === 'client-id' ? 'your client id' : `\`${audience.fixed.replace('{account}', 'project id')}\``;
  return `Default audience: ${value}${audienceClaim === 'aud' ? '' : `, in the claim \`${audienceClaim}\``}.`;
}

const REGISTRATION: Readonly<Record<AuthPreset['registration'], string>> = {
  dynamic: 'MCP clients can register themselves.',
  both: 'MCP clients can register themselves, or use a client ID metadata document, if you turn that on.',
  'pre-registered': 'MCP clients need a client id from an administrator.',
  proxy: 'MCP clients cannot register: they need the [OAuth proxy](#the-oauth-proxy), or a client id from you.',
};
