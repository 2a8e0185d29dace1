import { expect, test } from 'vitest';
import type { ElicitRequest, Provider } from '../../provider.ts';
import { createServer } from '../../server.ts';
import { createEndpoint } from '../http/http-handler.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';

interface Answer {
  readonly error?: object;
  readonly result: {
    readonly resultType: string;
    readonly inputRequests: Readonly<Record<string, { readonly params: { readonly message: string } }>>;
    readonly requestState: string;
    readonly content: readonly object[];
  };
}

/** Calls `ask` as a client of 2026-07-28 does, one round at a time. */
function asking(clientCapabilities: object = { elicitation: { form: {} } }, provider: Provider = fixtureProvider()) {
  const endpoint = createEndpoint(provider, { maxBodyBytes: 10_000, stateless: true, sessions: {}, onError: () => {} });
  return async (answers: { inputResponses?: object; requestState?: string } = {}) => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': clientCapabilities,
    };
    const params = { name: 'ask', arguments: {}, _meta, ...answers };
    const request = new Request('http://localhost/mcp', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': 'ask',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    return (await (await endpoint.fetch(request)).json()) as Answer;
  };
}
const accept = (content: object) => ({ action: 'accept', content });

test('each round asks one more question, and has the answers of the previous rounds', async () => {
  const round = asking();
  const first = (await round()).result;
  const [key] = Object.keys(first.inputRequests);
  expect(first).toMatchObject({
    resultType: 'input_required',
    inputRequests: { [String(key)]: { method: 'elicitation/create', params: { message: 'Which colour?' } } },
  });
  const second = (
    await round({ inputResponses: { [String(key)]: accept({ colour: 'red' }) }, requestState: first.requestState })
  ).result;
  const [next] = Object.keys(second.inputRequests);
  expect(second.inputRequests[String(next)]?.params.message).toBe('Sure?');
  const { result } = await round({
    inputResponses: { [String(next)]: { action: 'decline' } },
    requestState: second.requestState,
  });
  expect(result).toMatchObject({ resultType: 'complete', content: [{ text: 'red, decline' }] });
});

test('an answer to another question is ignored', async () => {
  const { result } = await asking()({ inputResponses: { 'question-1-0000000000000000': accept({ colour: 'red' }) } });
  expect(result.resultType).toBe('input_required');
});

test('an answer that does not match the question fails the call', async () => {
  const round = asking();
  const [key] = Object.keys((await round()).result.inputRequests);
  const { result } = await round({ inputResponses: { [String(key)]: accept({ colour: 7 }) } });
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('does not match the question’s schema') }],
  });
});

test('a foreign state is rejected', async () => {
  expect(await asking()({ requestState: 'nonsense' })).toMatchObject({ error: { code: -32602 } });
});

test('a client that cannot fill in forms is not asked', async () => {
  const { result } = await asking({ elicitation: { url: {} } })();
  expect(result.content).toMatchObject([{ text: 'cannot ask' }]);
});

/** A server whose tool `ask` asks all of the questions at once. */
function serverAsking(questions: () => readonly ElicitRequest[]): Provider {
  const server = createServer({ name: 's', version: '1' });
  server.tool('ask', {}, async (_, { elicit }) => {
    const answers = await Promise.all(questions().map((question) => elicit(question)));
    return answers.map((answer) => (answer.action === 'accept' ? answer.content.x : answer.action)).join();
  });
  return server;
}
const requestedSchema = { type: 'object', properties: { x: { type: 'string' } } } as const;

test('concurrent questions are sent in one round', async () => {
  const questions = ['One?', 'Two?', 'Three?'].map((message) => ({ message, requestedSchema }));
  const round = asking(
    undefined,
    serverAsking(() => questions),
  );
  const { inputRequests, requestState } = (await round()).result;
  expect(Object.values(inputRequests).map(({ params }) => params.message)).toEqual(['One?', 'Two?', 'Three?']);
  const inputResponses = Object.fromEntries(Object.keys(inputRequests).map((key, x) => [key, accept({ x: `${x}` })]));
  expect((await round({ inputResponses, requestState })).result.content).toMatchObject([{ text: '0,1,2' }]);
});

test('a question with a key finds its answer even if its wording has changed', async () => {
  let asked = 0;
  const round = asking(
    undefined,
    serverAsking(() => [{ key: 'count', message: `Asked ${++asked} times.`, requestedSchema }]),
  );
  expect((await round()).result.inputRequests).toMatchObject({ count: { params: { message: 'Asked 1 times.' } } });
  expect((await round({ inputResponses: { count: accept({ x: 'yes' }) } })).result.content).toMatchObject([
    { text: 'yes' },
  ]);
});

test('two questions of one call cannot have one key', async () => {
  const question = { key: 'same', message: 'Again?', requestedSchema };
  const inputResponses = { same: accept({ x: 'yes' }) };
  const { result } = await asking(
    undefined,
    serverAsking(() => [question, question]),
  )({ inputResponses });
  expect(result.content).toMatchObject([
    { text: expect.stringContaining('Two questions in the same call have the key "same".') },
  ]);
});
