import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTraffic } from '../dev/traffic.ts';
import { type OpenedApi, openApi } from '../proxy.ts';
import { secretsToHide } from '../runtime/api/conceal/secrets-of.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';
import { type InspectedServer, type Inspector, openInspector } from './index.ts';

export const SECRET = 'key-that-nobody-may-see';

/** A document with most kinds of arguments. */
export const documentOf = ({ title = 'Pet shop', more = '' } = {}) => `
openapi: 3.1.1
info: { title: ${title}, version: 1.0.0, description: 'Never write ${SECRET} into a document.' }
security: [{ shop_key: [] }]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List the pets
      description: All of them, oldest first. The key is ${SECRET}.
      tags: [pets]
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } } } }
    post:
      operationId: addPet
      summary: Add a pet
      tags: [pets]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewPet' } } } }
      responses: { '201': { description: ok } }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, description: Number of the pet., schema: { type: integer } }]
    get:
      operationId: getPet
      summary: Get one pet
      tags: [pets]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
    delete:
      operationId: removePet
      summary: Remove a pet
      tags: [pets]
      responses: { '204': { description: ok } }
  /sessions:
    post:
      operationId: logIn
      tags: [sessions]
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [login, password], properties: { login: { type: string }, password: { type: string, format: password } } } } } }
      responses: { '200': { description: ok } }
  /broken:
    get:
      operationId: broken
      tags: [sessions]
      parameters: [{ name: q, in: query, schema: { $ref: '#/components/schemas/Missing' } }]
      responses: { '200': { description: ok } }
${more}
components:
  securitySchemes: { shop_key: { type: apiKey, in: header, name: X-Shop-Key } }
  schemas:
    Pet: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }
    NewPet:
      type: object
      required: [name, species]
      properties:
        name: { type: string, minLength: 1, description: What it is called. }
        species: { enum: [cat, dog] }
        born: { type: [string, 'null'], format: date }
        tame: { type: boolean }
        weight: { type: number }
        tags: { type: array, items: { type: string } }
        owner: { type: object, required: [city], properties: { city: { type: string } } }
        food: { oneOf: [{ $ref: '#/components/schemas/Dry' }, { $ref: '#/components/schemas/Wet' }] }
        notes: {}
    Dry: { type: object, required: [kind, grams], properties: { kind: { const: dry }, grams: { type: integer } } }
    Wet: { type: object, required: [kind, cans], properties: { kind: { const: wet }, cans: { type: integer } } }
`;

/** The API behind the document. */
async function startApi(cleanup: Cleanup) {
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const [status, value] = answerOf(request.method ?? '', path, body);
    response.setHeader('content-type', 'application/json');
    response.setHeader('set-cookie', 'session=cookie-that-nobody-may-see');
    response.writeHead(status).end(value === undefined ? '' : JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerOf(method: string, path: string, body: string): readonly [number, unknown] {
  if (path === '/pets/404') return [404, { detail: 'There is no such pet.' }];
  if (path.startsWith('/pets/')) return method === 'DELETE' ? [204, undefined] : [200, { id: 7, name: 'Ada' }];
  if (path === '/pets' && method === 'POST') return [201, { id: 8, ...JSON.parse(body) }];
  if (path === '/sessions') return [200, { access_token: 'token-that-nobody-may-see', user: 'ada' }];
  return [200, [{ id: 7, name: 'Ada' }]];
}

type Cleanup = (close: () => Promise<unknown>) => void;

export interface World {
  readonly origin: string;
  readonly inspector: Inspector;
  /** How many links were used. */
  visits(): number;
  /** Serves another document. */
  reload(document: string): Promise<void>;
  /** As after an edit that cannot be served. The same failure may be reported several times. */
  fail(message: string, at?: number): void;
}

/** A server with an API, a prompt and a resource template, and its inspector. */
export async function inspectedWorld(cleanup: Cleanup, document = documentOf()): Promise<World> {
  const api = await startApi(cleanup);
  const traffic = createTraffic({ secrets: () => current.secrets() });
  const open = async (text: string): Promise<InspectedServer> => {
    const options = { baseUrl: api, auth: { shop_key: SECRET }, cache: false };
    return inspectedServer(await openApi({ text }, options), traffic);
  };
  let current = await open(document);
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const onReload = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  let visits = 0;
  const onVisit = () => {
    visits += 1;
  };
  const inspector = openInspector({ current: () => current, onReload, traffic }, { onVisit });
  const onError = (error: Error) => {
    throw error;
  };
  const server = await serveHttp(current.provider, {
    port: 0,
    onError,
    allowedHosts: ['shop.example'],
    pages: inspector.pages,
  });
  cleanup(async () => {
    inspector.close();
    await server.close();
  });
  return {
    origin: new URL(server.url).origin,
    inspector,
    visits: () => visits,
    async reload(text) {
      current = await open(text);
      tell();
    },
    fail(message, at = Date.now()) {
      current = { ...current, failure: { at, message } };
      tell();
    },
  };
}

function inspectedServer(api: OpenedApi, traffic: ReturnType<typeof createTraffic>): InspectedServer {
  const server = createServer({ name: 'shop', version: '1.0.0' });
  server.mount(api.provider);
  server.tool(
    'greet',
    {
      description: 'Greet <b>somebody</b>.',
      input: { type: 'object', properties: { name: { type: 'string' } } },
      annotations: { readOnlyHint: true },
    },
    ({ name }) => `Hello ${name}!`,
  );
  server.tool(
    'order',
    { description: 'Order a pet, after a question.', input: { type: 'object' } },
    async (_, context) => {
      const schema = {
        type: 'object',
        properties: { size: { enum: ['small', 'large'] } },
        required: ['size'],
      } as const;
      const answer = await context.elicit({ message: `Which size? ${SECRET}`, requestedSchema: schema });
      return answer.action === 'accept' ? `Ordered a ${answer.content.size} one.` : 'Nothing was ordered.';
    },
  );
  server.prompt(
    'welcome',
    {
      description: 'Welcome a customer.',
      arguments: { language: { required: true } },
      complete: { language: ['german', 'greek'] },
    },
    ({ language }) => `Say hello in ${language}.`,
  );
  server.resource('shop://customers/{id}', { name: 'customer', complete: { id: ['ada', 'alan'] } }, ({ id }) => ({
    id,
  }));
  const provider = withMiddleware(server, traffic.middleware);
  return {
    provider,
    whole: provider,
    mode: 'tools',
    apis: [{ api }],
    secrets: () => secretsToHide(api.secretSources()),
  };
}
