/**
 * Runs inside the sandbox before the user's code, so it is text: nothing of ours reaches the code but `api` and
 * `console`. It makes the code comfortable, not safe: whatever the code does to built-ins, it only harms itself, because
 * limits and checks are those of the host.
 *
 * A function of: `call(name, json)`, a promise of `+` and JSON, or `-` and the JSON of a failure; `log(text)`;
 * `end(kind, text)`; `seed`, the JSON of four random integers. It returns a function that starts the code.
 */
export const PRELUDE = `((call, log, end, seed) => {
  const { parse, stringify } = JSON;
  // The engine's own seed is the clock, which is the same for runs that start in the same millisecond.
  let [a, b, c, d] = parse(seed);
  const word = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) word();
  Math.random = () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  // Catching overflows in a loop is slow because of stack traces.
  Object.defineProperty(Error, 'stackTraceLimit', { value: 6, writable: false, configurable: false });
  // A finer clock than Date has no use but to measure others.
  delete globalThis.performance;
  const lineOf = (stack) => {
    const [, line] = /code\\.js:(\\d+)/.exec(stack) ?? [];
    return line === undefined ? undefined : Number(line);
  };
  const lines = new WeakMap();
  const invoke = (name, args, options) => {
    const error = new Error();
    const line = lineOf(String(error.stack));
    return (async () => {
      const reply = await call(name, stringify([args ?? {}, options ?? null]));
      if (reply[0] === '+') return reply.length === 1 ? undefined : parse(reply.slice(1));
      const { message, status } = parse(reply.slice(1));
      error.name = 'ApiError';
      error.message = message;
      if (status !== undefined) error.status = status;
      lines.set(error, line);
      throw error;
    })();
  };
  const known = new Map();
  const methodOf = (name) => {
    if (!known.has(name)) known.set(name, (args, options) => invoke(name, args, options));
    return known.get(name);
  };
  const api = new Proxy(Object.freeze({}), {
    // Without \`then\`, so that \`await api\` is harmless.
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? methodOf(name) : undefined),
    has: (_, name) => typeof name === 'string',
  });
  const shown = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value);
    try {
      return stringify(value, plain) ?? String(value);
    } catch {
      return '[cannot be shown]';
    }
  };
  const write = (...values) => log(values.map(shown).join(' ').slice(0, 2000));
  const console = Object.freeze({ log: write, info: write, warn: write, error: write, debug: write });
  for (const [name, value] of Object.entries({ api, console }))
    Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
  const plain = (key, value) => {
    if (value instanceof Promise) throw new TypeError('the value at "' + key + '" is a promise: await it');
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Map || value instanceof Set) return [...value];
    return value;
  };
  const told = (error) => {
    const isError = error instanceof Error;
    const name = isError ? String(error.name) : '';
    const text = isError ? String(error.message) : shown(error);
    const line = isError ? lines.get(error) ?? lineOf(String(error.stack)) : undefined;
    return stringify({ message: (name === '' ? text : text === '' ? name : name + ': ' + text).slice(0, 4000), line });
  };
  const safelyTold = (error) => {
    try {
      return told(error);
    } catch {
      return '{}';
    }
  };
  return async (main) => {
    let value;
    try {
      value = await main();
    } catch (error) {
      return end('thrown', safelyTold(error));
    }
    try {
      end('value', stringify(value, plain));
    } catch (error) {
      end('output', safelyTold(error));
    }
  };
})`;
