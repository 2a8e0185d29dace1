import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import { composite } from '../runtime/compose/composite.ts';
import { namespace } from '../runtime/compose/namespace.ts';
import { searchTools } from '../runtime/fit/search/search-tools.ts';
import { signature } from '../runtime/fit/signature.ts';
import type { Provider } from '../runtime/provider.ts';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer as createMcpServer } from '../runtime/server.ts';
import {
  describe as described,
  promptsAsTools,
  rename,
  requireScopes,
  resourcesAsTools,
} from '../runtime/transforms/index.ts';

// Rows 19–21 of the table of attacks in docs/auth.md: whatever leads to an item needs its scopes.

const READER = 'reader-key-0123456789';
const WRITER = 'writer-key-0123456789';
const AUTH: AuthOptions = {
  keys: [
    { name: 'reader', key: READER, scopes: ['notes:read'] },
    { name: 'writer', key: WRITER, scopes: ['notes:read', 'notes:write', 'notes:admin'] },
  ],
};
const RULES = { tools: { 'delete*': ['notes:write'], getSecret: ['notes:admin'] }, tags: { admin: ['notes:admin'] } };

/** Requests that reached the API. */
const reached: string[] = [];
const api = createServer((request, response) => {
  reached.push(`${request.method} ${request.url}`);
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"text":"the note"}');
});
let notes: Provider;

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  notes = (
    await openApi(
      { text: JSON.stringify(documentAt(`http://127.0.0.1:${port}`)) },
      { cache: false, getAs: 'both', auth: { key: 'secret-of-the-api' } },
    )
  ).provider;
});
afterAll(async () => {
  await notes.close();
  api.close();
});

function documentAt(url: string) {
  const id = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } };
  return {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1' },
    servers: [{ url }],
    components: {
      securitySchemes: {
        login: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${url}/token`, scopes: { 'api:audit': '', 'api:root': '' } } },
        },
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      },
    },
    paths: {
      '/notes/{id}': {
        get: { operationId: 'getNote', tags: ['notes'], parameters: id, responses },
        delete: { operationId: 'deleteNote', tags: ['notes'], parameters: id, responses },
      },
      '/secrets/{id}': { get: { operationId: 'getSecret', tags: ['notes'], parameters: id, responses } },
      '/audit': {
        get: {
          operationId: 'getAudit',
          tags: ['admin'],
          responses,
          security: [{ login: ['api:audit'] }, { login: ['api:root'] }, { key: [] }],
        },
      },
    },
  };
}

type Era = 'legacy' | 'auto';

async function withClient<T>(
  provider: Provider,
  { key, era = 'auto', auth = {} }: { key: string; era?: Era; auth?: AuthOptions },
  use: (client: Client, url: string) => Promise<T>,
): Promise<T> {
  const server = await serveHttp(provider, { port: 0, auth: { ...AUTH, ...auth }, onError: () => {} });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit }));
  try {
    return await use(client, server.url);
  } finally {
    await client.close();
    // The provider is shared by the tests.
    await server.close();
  }
}

/** Not closed with its server. */
const kept = (provider: Provider): Provider => ({ ...provider, close: async () => {} });

/** The challenge of a refused request. */
async function refusal(client: Client, act: (client: Client) => Promise<unknown>): Promise<unknown> {
  const error: unknown = await act(client).catch((thrown: unknown) => thrown);
  return error;
}

interface Way {
  readonly provider: () => Promise<Provider>;
  readonly refused: (client: Client) => Promise<unknown>;
  /** A part of the challenge. */
  readonly scope: string;
}

const tool = (name: string, args: Record<string, unknown>) => (client: Client) =>
  client.callTool({ name, arguments: args });
const read = (uri: string) => (client: Client) => client.readResource({ uri });
const scoped = () => requireScopes(kept(notes), RULES);

const WAYS: Readonly<Record<string, Way>> = {
  'a tool by its name': { provider: scoped, refused: tool('deleteNote', { id: '1' }), scope: 'notes:write' },
  'a tool by its tag': { provider: scoped, refused: tool('getAudit', {}), scope: 'notes:admin' },
  'a resource by the tag of its operation': {
    provider: scoped,
    refused: read('api://notes/audit'),
    scope: 'notes:admin',
  },
  'a resource template of a tool': { provider: scoped, refused: read('api://notes/secrets/1'), scope: 'notes:admin' },
  'a tool in a namespace of a composite': {
    provider: async () => composite([namespace(await scoped(), 'a'), namespace(kept(notes), 'b')]),
    refused: tool('a_deleteNote', { id: '1' }),
    scope: 'notes:write',
  },
  'a resource in a namespace': {
    provider: async () => composite([namespace(await scoped(), 'a'), namespace(kept(notes), 'b')]),
    refused: read('api://a.notes/secrets/1'),
    scope: 'notes:admin',
  },
  'a mounted tool of a server': {
    provider: async () => {
      const server = createMcpServer({ name: 's', version: '1' });
      server.mount('a', await scoped());
      server.use(async (call, next) => next(call));
      return server;
    },
    refused: tool('a_deleteNote', { id: '1' }),
    scope: 'notes:write',
  },
  'a renamed tool': {
    provider: async () => rename(await scoped(), { tools: { deleteNote: 'remove' } }),
    refused: tool('remove', { id: '1' }),
    scope: 'notes:write',
  },
  'a described tool': {
    provider: async () => described(await scoped(), { tools: { deleteNote: { description: 'x' } } }),
    refused: tool('deleteNote', { id: '1' }),
    scope: 'notes:write',
  },
  'call_tool of search': {
    provider: async () => searchTools(await scoped()),
    refused: tool('call_tool', { name: 'deleteNote', arguments: { id: '1' } }),
    scope: 'notes:write',
  },
  'a tool that search hides': {
    provider: async () => searchTools(await scoped()),
    refused: tool('deleteNote', { id: '1' }),
    scope: 'notes:write',
  },
  'call_tool of signature': {
    provider: async () => signature(await scoped()),
    refused: tool('call_tool', { name: 'deleteNote', arguments: { id: '1' } }),
    scope: 'notes:write',
  },
  'search over several mounts': {
    provider: async () => searchTools(composite([namespace(await scoped(), 'a'), namespace(kept(notes), 'b')])),
    refused: tool('call_tool', { name: 'a_deleteNote', arguments: { id: '1' } }),
    scope: 'notes:write',
  },
  'a tool that reads resources': {
    provider: async () => resourcesAsTools(await scoped()),
    refused: tool('read_resource', { uri: 'api://notes/secrets/1' }),
    scope: 'notes:admin',
  },
};

describe.each<Era>(['legacy', 'auto'])('a caller without the scope, era %s', (era) => {
  test.each(Object.entries(WAYS))('is refused %s with 403 and a challenge, before anything runs', async (_, way) => {
    const before = reached.length;
    await withClient(await way.provider(), { key: READER, era }, async (client) => {
      const error = await refusal(client, way.refused);
      expect(String(error)).toMatch(/insufficient|scope/i);
    });
    expect(reached.length).toBe(before);
    await withClient(await way.provider(), { key: WRITER, era }, async (client) => {
      await way.refused(client);
    });
    expect(reached.length).toBe(before + 1);
  });
});

test('the response is HTTP 403 and names every scope that is needed', async () => {
  const provider = await requireScopes(kept(notes), { ...RULES, tags: { notes: ['notes:read'] } });
  await withClient(provider, { key: READER, auth: { requiredScopes: ['notes:read'] } }, async (_, url) => {
    for (const headers of [
      { 'MCP-Protocol-Version': '2025-11-25' },
      { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'deleteNote' },
    ]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          Authorization: `Bearer ${READER}`,
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: {
            name: 'deleteNote',
            arguments: { id: '1' },
            ...('Mcp-Method' in headers && {
              _meta: {
                'io.modelcontextprotocol/protocolVersion': '2026-07-28',
                'io.modelcontextprotocol/clientCapabilities': {},
                'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
              },
            }),
          },
        }),
      });
      expect(response.status).toBe(403);
      const challenge = response.headers.get('www-authenticate') ?? '';
      expect(challenge).toContain('error="insufficient_scope"');
      expect(challenge).toContain('scope="notes:write notes:read"');
      expect(challenge).toMatch(
        /resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"/,
      );
    }
  });
});

describe('lists', () => {
  const caller = (scopes: readonly string[]) => ({ caller: { id: 'x', scopes } });
  const names = async (provider: Provider, scopes: readonly string[]) =>
    (await provider.listTools(caller(scopes))).map(({ name }) => name);

  test('show only what the caller has the scopes for, the same array to all with the same scopes', async () => {
    const provider = await scoped();
    expect(await names(provider, [])).toEqual(['getNote']);
    expect(await names(provider, ['notes:write'])).toEqual(['getNote', 'deleteNote']);
    expect(await names(provider, ['notes:admin', 'notes:write'])).toHaveLength(4);
    const [one, other] = [
      ['a', 'b'],
      ['b', 'a'],
    ].map((scopes) => provider.listTools(caller(scopes)));
    expect(await one).toBe(await other);
    expect(await provider.listResourceTemplates(caller([]))).toHaveLength(1);
    expect(await provider.listResources(caller([]))).toHaveLength(0);
    expect(await provider.listResources(caller(['notes:admin']))).toHaveLength(1);
  });

  test('may be cached for their caller only', async () => {
    await withClient(await scoped(), { key: READER }, async (client) => {
      expect(await client.listTools()).toMatchObject({ cacheScope: 'private' });
    });
  });

  test('without a caller, nothing restricted is shown or called', async () => {
    const provider = await scoped();
    expect((await provider.listTools({})).map(({ name }) => name)).toEqual(['getNote']);
    const call = provider.callTool({ name: 'deleteNote', arguments: { id: '1' } }, callContext());
    await expect(call).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
  });

  test('have nothing about origins for clients', async () => {
    const provider = await scoped();
    const shown = JSON.stringify([
      await provider.listTools(caller(['notes:admin', 'notes:write'])),
      await provider.listResources(caller(['notes:admin'])),
      await provider.listResourceTemplates(caller(['notes:admin'])),
    ]);
    expect(shown).not.toContain('openapi-mcp/origin');
  });

  test('search finds nothing that is hidden, and describes nothing either', async () => {
    const provider = await searchTools(await scoped());
    const context = { ...callContext(), caller: { id: 'x', scopes: [] } };
    for (const [name, args] of [
      ['search_tools', { query: 'delete a note' }],
      ['describe_tools', { names: ['deleteNote'] }],
    ] as const) {
      const result = await provider.callTool({ name, arguments: args }, context);
      expect(JSON.stringify(result.content)).not.toContain('deleteNote(');
      expect(JSON.stringify(result)).not.toContain('inputSchema');
    }
  });

  test('prompts are hidden and refused as well, also as tools', async () => {
    const server = createMcpServer({ name: 's', version: '1' });
    server.prompt('audit', {}, () => 'go');
    const provider = await requireScopes(server, { prompts: { 'aud*': ['notes:admin'] } });
    expect(await provider.listPrompts(caller([]))).toEqual([]);
    const context = { ...callContext(), ...caller([]) };
    await expect(provider.getPrompt({ name: 'audit', arguments: {} }, context)).rejects.toThrow(
      'The prompt "audit" needs the scope notes:admin.',
    );
    const asTools = await promptsAsTools(provider);
    const call = { name: 'get_prompt', arguments: { name: 'audit' } };
    expect(await asTools.lackingScopes?.({ method: 'tools/call', params: call }, context)).toEqual(['notes:admin']);
  });
});

describe('rules', () => {
  const granted = async (rules: Parameters<typeof requireScopes>[1], scopes: readonly string[]) => {
    const provider = await requireScopes(kept(notes), rules);
    return (await provider.listTools({ caller: { id: 'x', scopes } })).map(({ name }) => name);
  };

  test('a scope can imply others', async () => {
    const rules = { ...RULES, implies: { root: ['notes:admin'], 'notes:admin': ['notes:write'] } };
    expect(await granted(rules, ['root'])).toHaveLength(4);
  });

  test('from the document: one of the alternatives with scopes', async () => {
    expect(await granted({ fromDocument: true }, [])).not.toContain('getAudit');
    expect(await granted({ fromDocument: true }, ['api:root'])).toContain('getAudit');
  });

  test('a rule that matches nothing is an error, because it protects nothing', async () => {
    await expect(requireScopes(kept(notes), { tools: { 'remove*': ['x'] } })).rejects.toThrow(
      'No tool, resource or prompt matches the scope rule "tools.remove*", so it protects nothing.',
    );
  });
});
