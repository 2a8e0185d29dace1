import type { OAuthClientProvider } from '@modelcontextprotocol/client';

type Methods = Required<OAuthClientProvider>;
type Client = Awaited<ReturnType<Methods['clientInformation']>>;
type DiscoveryState = Awaited<ReturnType<Methods['discoveryState']>>;
type Tokens = Awaited<ReturnType<Methods['tokens']>>;

export const REDIRECT_URL = 'http://127.0.0.1:1/callback';

/** What a client of either SDK keeps of its logins, in memory. */
export class LoginClient implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URL;
  readonly clientMetadataUrl?: string;
  /** Where the user was sent, in order. */
  readonly sent: URL[] = [];
  client: Client;
  saved: Tokens;
  #verifier = '';
  #discovery: DiscoveryState;

  readonly #refreshes: boolean;

  /**
   * @param clientMetadataUrl of a client ID metadata document; without it, the client registers itself
   * @param refreshes false: the client gets no refresh tokens
   */
  constructor({
    clientMetadataUrl,
    refreshes = true,
  }: {
    readonly clientMetadataUrl?: string;
    readonly refreshes?: boolean;
  } = {}) {
    this.#refreshes = refreshes;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  get clientMetadata() {
    return {
      client_name: 'Test client',
      redirect_uris: [REDIRECT_URL],
      grant_types: ['authorization_code', ...(this.#refreshes ? ['refresh_token'] : [])],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }
  clientInformation(): Client {
    return this.client;
  }
  saveClientInformation(client: NonNullable<Client>): void {
    this.client = client;
  }
  tokens(): Tokens {
    return this.saved;
  }
  saveTokens(tokens: NonNullable<Tokens>): void {
    this.saved = tokens;
  }
  /** After the provider has refused them. */
  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'tokens') this.saved = undefined;
    if (scope === 'all' || scope === 'client') this.client = undefined;
  }
  saveDiscoveryState(state: NonNullable<DiscoveryState>): void {
    this.#discovery = state;
  }
  discoveryState(): DiscoveryState {
    return this.#discovery;
  }
  redirectToAuthorization(url: URL): void {
    this.sent.push(url);
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }
  codeVerifier(): string {
    return this.#verifier;
  }
}
