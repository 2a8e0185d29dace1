import { createHook } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import type { Provider } from '../provider.ts';
import { createServer } from '../server.ts';
import type { Middleware } from './middleware.ts';
import { withMiddleware } from './with-middleware.ts';

const none: Middleware = async (call, next) => next(call);

function echo(): Provider {
  const server = createServer({ name: 'echo', version: '1' });
  server.tool('echo', {}, () => 'hi');
  return server;
}

/** How many promises it takes, those of the engine's own `await` and `then` included. */
async function promisesOf(act: () => Promise<unknown>): Promise<number> {
  await act();
  let count = 0;
  const hook = createHook({ init: (_, type) => void (type === 'PROMISE' && count++) }).enable();
  try {
    await act();
  } finally {
    hook.disable();
  }
  return count;
}

test('a layer costs a call five promises at most: three are those of an async function that returns one', async () => {
  const counted = (layers: number) => {
    const provider = withMiddleware(echo(), ...Array.from({ length: layers }, () => none));
    return promisesOf(() => provider.callTool({ name: 'echo', arguments: {} }, callContext()));
  };
  const [one, six] = [await counted(1), await counted(6)];
  expect((six - one) / 5).toBeLessThanOrEqual(5);
});

test('a list through middleware makes no signal unless somebody asks for it', async () => {
  const controllers = vi.fn();
  const Original = globalThis.AbortController;
  vi.stubGlobal(
    'AbortController',
    class extends Original {
      constructor() {
        super();
        controllers();
      }
    },
  );
  try {
    await withMiddleware(echo(), none).listTools({});
    expect(controllers).not.toHaveBeenCalled();
    await withMiddleware(echo(), async (call, next) => {
      expect(call.signal).toBe(call.signal);
      expect({ ...call }.signal.aborted).toBe(false);
      return next(call);
    }).listTools({});
    expect(controllers).toHaveBeenCalledOnce();
  } finally {
    vi.unstubAllGlobals();
  }
});
