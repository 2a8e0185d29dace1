import { expect, test, vi } from 'vitest';
import type { ApiModel } from '../model/index.ts';
import { callContext } from '../runtime/call-context.ts';
import { createServer } from '../runtime/server.ts';
import { refreshing } from './refreshing.ts';

/** A document that can be changed and spoiled; each version says its number. */
function document() {
  let [version, problem, waiting]: [number, Error | undefined, Promise<void> | undefined] = [1, undefined, undefined];
  const opened: { readonly close: ReturnType<typeof vi.fn> }[] = [];
  return {
    opened,
    change: (next: number) => {
      version = next;
    },
    spoil: (error: Error | undefined) => {
      problem = error;
    },
    hold: (until: Promise<void>) => {
      waiting = until;
    },
    open: async () => {
      if (problem) throw problem;
      const own = version;
      const server = createServer({ name: 'shop', version: String(own) });
      server.tool('version', {}, async () => {
        if (own === 1) await waiting;
        return `version ${own}`;
      });
      const close = vi.spyOn(server, 'close');
      opened.push({ close });
      const model = { name: 'shop', operations: own === 0 ? [] : [{ origin: {} }], servers: [], auth: {} };
      return {
        provider: server,
        model: model as unknown as ApiModel,
        hasChanged: async () => version !== own,
      };
    },
  };
}

async function refreshed(source: ReturnType<typeof document>) {
  const told: string[] = [];
  const { provider, current } = await refreshing(() => source.open(), {
    everyMs: 5,
    onRefresh: ({ before, after }) => told.push(`${before.provider.info.version} → ${after.provider.info.version}`),
    onError: ({ message }) => told.push(message),
  });
  const call = async () => {
    const { content } = await provider.callTool({ name: 'version', arguments: {} }, callContext());
    return content[0]?.type === 'text' ? content[0].text : undefined;
  };
  return { provider, current, call, told };
}

test('a changed document is served, and a running call ends as it began', async () => {
  const source = document();
  let release = () => {};
  source.hold(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  const { call, told, provider, current } = await refreshed(source);
  const running = call();
  source.change(2);
  await vi.waitFor(() => expect(told).toEqual(['1 → 2']));
  expect(await call()).toBe('version 2');
  expect(current().provider.info.version).toBe('2');
  expect(source.opened[0]?.close).not.toHaveBeenCalled();
  release();
  expect(await running).toBe('version 1');
  await vi.waitFor(() => expect(source.opened[0]?.close).toHaveBeenCalled());
  await provider.close();
  expect(source.opened[1]?.close).toHaveBeenCalled();
});

test('what cannot be opened is reported once for each reason, and the last version is served on', async () => {
  const source = document();
  const { call, told, provider } = await refreshed(source);
  source.spoil(new Error('It is not valid.'));
  source.change(2);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(told).toEqual(['It is not valid.']);
  expect(await call()).toBe('version 1');
  source.spoil(undefined);
  await vi.waitFor(() => expect(told).toEqual(['It is not valid.', '1 → 2']));
  source.spoil(new Error('It is not valid.'));
  source.change(3);
  await vi.waitFor(() => expect(told).toEqual(['It is not valid.', '1 → 2', 'It is not valid.']));
  await provider.close();
});

test('a document that loses all of its operations is not served, and closed', async () => {
  const source = document();
  const { call, told, provider } = await refreshed(source);
  source.change(0);
  await vi.waitFor(() => expect(told).toEqual(['The document no longer has an operation that can be served.']));
  expect(await call()).toBe('version 1');
  expect(source.opened[1]?.close).toHaveBeenCalled();
  await provider.close();
});

test('closing stops looking, also during a look', async () => {
  const source = document();
  let finish = () => {};
  const { provider, told } = await refreshed(source);
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { open } = source;
  source.change(2);
  source.open = async () => {
    await slow;
    return open();
  };
  await provider.close();
  finish();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(told).toEqual([]);
  for (const { close } of source.opened) expect(close).toHaveBeenCalled();
});
