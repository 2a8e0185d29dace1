import { describe, expect, test } from 'vitest';
import { callContext } from '../call-context.ts';
import type { Provider } from '../provider.ts';
import { resourceLink } from '../server/content.ts';
import { createServer, type Server } from '../server.ts';
import { namespace } from './namespace.ts';

function library(): Server {
  const server = createServer({ name: 'library', version: '1' });
  server.tool('find', { description: 'Finds a book' }, (_, { requestId }) => `found in ${requestId}`);
  server.tool('links', {}, () => [
    resourceLink({ uri: 'books://shelf', name: 'own' }),
    resourceLink({ uri: 'books://by-id/7', name: 'own, by a template' }),
    resourceLink({ uri: 'https://example.com/', name: 'elsewhere' }),
    { type: 'resource', resource: { uri: 'books://shelf', text: 'inside' } },
    'text',
  ]);
  server.tool('a'.repeat(64), {}, () => 'long');
  server.resource('books://shelf', { name: 'shelf' }, () => 'all books');
  server.resource('books://by-id/{id}{?page}', { name: 'book', complete: { id: ['1', '12'] } }, ({ id, page }) => ({
    id,
    page,
  }));
  server.prompt('summary', { arguments: { book: { required: true } }, complete: { book: ['Emma'] } }, ({ book }) => [
    `Summarise ${book}`,
    resourceLink({ uri: 'books://shelf', name: 'shelf' }),
  ]);
  return server;
}

describe('a provider in a namespace', () => {
  const provider: Provider = namespace(library(), 'lib');

  test('has tools and prompts named after it, and the namespace in front of authorities', async () => {
    const names = (await provider.listTools({})).map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['lib_find', 'lib_links']);
    expect((await provider.listPrompts({})).map(({ name }) => name)).toEqual(['lib_summary']);
    expect((await provider.listResources({})).map(({ uri }) => uri)).toEqual(['books://lib.shelf']);
    expect((await provider.listResourceTemplates({})).map(({ uriTemplate }) => uriTemplate)).toEqual([
      'books://lib.by-id/{id}{?page}',
    ]);
  });

  test('gives the same frozen lists each time', async () => {
    expect(await provider.listTools({})).toBe(await provider.listTools({}));
    expect(await provider.listResources({})).toBe(await provider.listResources({}));
    expect(Object.isFrozen(await provider.listTools({}))).toBe(true);
  });

  test('is called by its own names', async () => {
    expect(await provider.callTool({ name: 'lib_find', arguments: {} }, callContext({ requestId: '5' }))).toEqual({
      content: [{ type: 'text', text: 'found in 5' }],
    });
    expect(await provider.readResource({ uri: 'books://lib.by-id/7?page=2' }, callContext())).toEqual({
      contents: [{ uri: 'books://lib.by-id/7?page=2', mimeType: 'application/json', text: '{"id":"7","page":"2"}' }],
    });
    const prompt = await provider.getPrompt({ name: 'lib_summary', arguments: { book: 'Emma' } }, callContext());
    expect(prompt.messages).toMatchObject([
      { content: { text: 'Summarise Emma' } },
      { content: { uri: 'books://lib.shelf' } },
    ]);
  });

  test('cuts names of more than 64 characters, and still finds their tools', async () => {
    const long = (await provider.listTools({}))[2]?.name ?? '';
    expect(long).toMatch(/^lib_a{52}_[a-z0-9]{7}$/);
    expect(await provider.callTool({ name: long, arguments: {} }, callContext())).toMatchObject({
      content: [{ text: 'long' }],
    });
  });

  test('names its own resources in results, and leaves links that lead elsewhere', async () => {
    const { content } = await provider.callTool({ name: 'lib_links', arguments: {} }, callContext());
    expect(content).toMatchObject([
      { uri: 'books://lib.shelf' },
      { uri: 'books://lib.by-id/7' },
      { uri: 'https://example.com/' },
      { resource: { uri: 'books://lib.shelf' } },
      { text: 'text' },
    ]);
  });

  test('completes arguments of prompts and templates', async () => {
    const complete = async (ref: Parameters<Provider['complete']>[0]['ref'], name: string) =>
      (await provider.complete({ ref, argument: { name, value: '1' }, given: {} }, callContext())).values;
    expect(await complete({ type: 'resource', uri: 'books://lib.by-id/{id}{?page}' }, 'id')).toEqual(['1', '12']);
    expect(await complete({ type: 'prompt', name: 'lib_summary' }, 'book')).toEqual([]);
    expect(await complete({ type: 'prompt', name: 'summary' }, 'book')).toEqual([]);
  });

  test('knows no names outside its namespace, and uses the client’s names in errors', async () => {
    await expect(provider.callTool({ name: 'find', arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
      message: 'Unknown tool: find',
    });
    await expect(provider.callTool({ name: 'lib_nope', arguments: {} }, callContext())).rejects.toThrow(
      'Unknown tool: lib_nope',
    );
    await expect(provider.readResource({ uri: 'books://shelf' }, callContext())).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    await expect(provider.getPrompt({ name: 'lib_nope', arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
    });
  });

  test.each(['', 'Git', 'git_hub', '1git', 'git hub', 'gít', 'a'.repeat(33)])('refuses the namespace "%s"', (name) => {
    expect(() => namespace(library(), name)).toThrow(`"${name}" cannot be a namespace: write a lower-case letter`);
  });

  test('rejects a value that is not a provider, and says what is missing', () => {
    expect(() => namespace({} as Provider, 'x')).toThrow(
      'The value mounted as "x" is not a provider: it lacks contract: 1, listTools(), callTool()',
    );
    expect(() => namespace({ ...library(), contract: 2 } as unknown as Provider, 'x')).toThrow('contract 2');
  });
});
