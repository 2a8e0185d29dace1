import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import type { default as Provider, ResourceServer } from 'oidc-provider';

interface Exchange {
  readonly issuer: string;
  readonly publicKeys: () => readonly JWK[];
  readonly info: (resource: string) => ResourceServer | undefined;
}

const TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const PARAMETERS = ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'resource', 'scope'];

/**
 * Token exchange (RFC 8693), impersonation only: the subject token is one of this provider's access tokens, and
 * `resource` (or `audience`) names the target.
 */
export function addTokenExchange(provider: Provider, { issuer, publicKeys, info }: Exchange): void {
  const exchange = async (ctx: ExchangeContext) => {
    const { subject_token: token = '', subject_token_type: type, scope } = ctx.oidc.params;
    const target = ctx.oidc.params.resource ?? ctx.oidc.params.audience ?? '';
    const subject = type === ACCESS_TOKEN ? await subjectOf(token) : undefined;
    if (subject === undefined) return refuse(ctx, 'invalid_request', 'The subject token is not valid.');
    const server = info(target);
    if (!server) return refuse(ctx, 'invalid_target', 'The resource is unknown.');
    const { client } = ctx.oidc;
    const granted = (scope ?? server.scope).split(' ').filter((one) => server.scope.split(' ').includes(one));
    // `gty` marks where the token comes from; the types name only the grants that the provider has itself.
    const accessToken = new provider.AccessToken({
      accountId: subject,
      client,
      gty: 'token_exchange',
      scope: granted.join(' '),
    } as unknown as ConstructorParameters<typeof provider.AccessToken>[0]);
    accessToken.resourceServer = new provider.ResourceServer(target, server);
    ctx.oidc.entity('AccessToken', accessToken);
    ctx.body = {
      access_token: await accessToken.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: accessToken.expiration,
      scope: accessToken.scope,
    };
  };
  const subjectOf = async (token: string) => {
    const stored = await provider.AccessToken.find(token);
    if (stored?.isValid) return stored.accountId;
    const keys = createLocalJWKSet({ keys: publicKeys().map(({ kty, n, e, kid }) => ({ kty, n, e, kid }) as JWK) });
    const verified = await jwtVerify(token, keys, { issuer }).catch(() => undefined);
    return verified?.payload.sub;
  };
  provider.registerGrantType(TYPE, exchange as unknown as Parameters<Provider['registerGrantType']>[1], PARAMETERS);
}

/** What the handler needs of Koa's context. */
interface ExchangeContext {
  status: number;
  body: unknown;
  readonly oidc: {
    readonly params: Readonly<Record<string, string | undefined>>;
    readonly client: object;
    entity(name: string, value: object): void;
  };
}

function refuse(ctx: ExchangeContext, error: string, description: string): void {
  ctx.status = 400;
  ctx.body = { error, error_description: description };
}
