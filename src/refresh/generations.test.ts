import { expect, test, vi } from 'vitest';
import { callContext } from '../runtime/call-context.ts';
import type { ListChange, Provider } from '../runtime/provider.ts';
import { createServer, type Server } from '../runtime/server.ts';
import { createGenerations } from './generations.ts';

/** A generation that says its name when its tool is called; `hold` makes calls wait. */
function generation(word: string, tools: readonly string[] = ['say']) {
  const server = createServer({ name: word, version: '1' });
  let release = () => {};
  let waiting: Promise<void> | undefined;
  for (const name of tools) {
    server.tool(name, {}, async () => {
      await waiting;
      return word;
    });
  }
  return {
    server: server as Provider,
    hold: () => {
      waiting = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    close: vi.fn(() => server.close()),
  };
}

const say = async (provider: Provider) => {
  const { content } = await provider.callTool({ name: 'say', arguments: {} }, callContext());
  return content[0]?.type === 'text' ? content[0].text : undefined;
};
const onError = (error: Error) => {
  throw error;
};
const open = (first: ReturnType<typeof generation>, drainMs = 60_000) => {
  const generations = createGenerations(first, { onError, drainMs });
  return { generations, view: generations.view(({ server }) => server) };
};

test('new calls get the new generation, running ones end in their own', async () => {
  const [one, two] = [generation('one'), generation('two')];
  const { generations, view } = open(one);
  one.hold();
  const running = say(view);
  await Promise.resolve();
  await generations.replace(two);
  expect(await say(view)).toBe('two');
  expect(view.info.name).toBe('two');
  expect(one.close).not.toHaveBeenCalled();
  one.release();
  expect(await running).toBe('one');
  await vi.waitFor(() => expect(one.close).toHaveBeenCalledOnce());
});

test('a call that never ends does not keep the old generation for ever', async () => {
  const one = generation('one');
  const { generations, view } = open(one, 20);
  one.hold();
  void say(view);
  await Promise.resolve();
  await generations.replace(generation('two'));
  await vi.waitFor(() => expect(one.close).toHaveBeenCalledOnce());
});

test('updates of resources reach whoever listens, from the generation that is served', async () => {
  const [one, two] = [generation('one'), generation('two')];
  const { generations, view } = open(one);
  const heard: string[] = [];
  view.onResourceUpdate?.((uri) => heard.push(uri));
  const update = ({ server }: typeof one, uri: string) => (server as Server).resourceUpdated(uri);
  update(one, 'a://1');
  update(two, 'a://2');
  await generations.replace(two);
  update(one, 'a://3');
  update(two, 'a://4');
  expect(heard).toEqual(['a://1', 'a://4']);
  // A document never knows of updates, so nobody can subscribe.
  const { onResourceUpdate: _, ...never } = two.server;
  await generations.replace({ ...two, server: { ...never, info: two.server.info } });
  expect(view.onResourceUpdate).toBeUndefined();
});

test('only lists that differ are announced', async () => {
  const { generations, view } = open(generation('one'));
  const heard: ListChange[] = [];
  const stop = view.onChange((change) => heard.push(change));
  await generations.replace(generation('two'));
  expect(heard).toEqual([]);
  await generations.replace(generation('three', ['say', 'sing']));
  expect(heard).toEqual(['tools']);
  stop();
  await generations.replace(generation('four'));
  expect(heard).toEqual(['tools']);
});

test('changes within the current generation are passed on, and those of an old one are not', async () => {
  const [one, two] = [createServer({ name: 'one', version: '1' }), createServer({ name: 'two', version: '1' })];
  const generations = createGenerations({ server: one, close: async () => {} }, { onError });
  const view = generations.view(({ server }) => server);
  const heard: ListChange[] = [];
  view.onChange((change) => heard.push(change));
  one.tool('a', {}, () => '');
  expect(heard).toEqual(['tools']);
  await generations.replace({ server: two, close: async () => {} });
  heard.length = 0;
  one.tool('b', {}, () => '');
  two.prompt('p', {}, () => 'hello');
  expect(heard).toEqual(['prompts']);
});

test('closing closes the current generation', async () => {
  const one = generation('one');
  const { generations } = open(one);
  await generations.close();
  expect(one.close).toHaveBeenCalledOnce();
});
