/** What code may try, and how its run must end. `value`: it is harmless, and this is what it returns. */
export interface Attack {
  readonly name: string;
  readonly code: string;
  readonly ends?: readonly string[];
  readonly value?: unknown;
}

const ENDED = ['timeout', 'memory', 'thrown', 'output', 'crashed', 'stuck', 'syntax'];
/** By its limit, or before. */
const stopped = (name: string, code: string, ends: readonly string[] = ['timeout', 'memory']): Attack => ({
  name,
  code,
  ends,
});
const harmless = (name: string, code: string, value: unknown): Attack => ({ name, code, value });
const refused = (name: string, code: string): Attack => ({ name, code, ends: ENDED });

export const ATTACKS: readonly Attack[] = [
  // Never ends.
  stopped('a loop', 'for (;;);'),
  stopped('a loop after await', 'await null; for (;;);'),
  stopped('a loop in finally', 'try { throw 1 } finally { for (;;); }'),
  stopped('a loop in catch', 'for (;;) { try { throw 1 } catch {} }'),
  stopped('a loop in a generator', 'function* g() { for (;;) yield 1 } for (const x of g());'),
  stopped('a flood of microtasks', 'const f = () => Promise.resolve().then(f); await f();'),
  stopped('a flood by queueMicrotask', 'const f = () => queueMicrotask(f); f(); await new Promise(() => {});'),
  stopped('an async loop', 'for (;;) await null;'),
  stopped('a regular expression', "/^(a+)+$/.test('a'.repeat(40) + 'b')"),
  stopped('a comparison that sorts for ever', 'Array.from({length: 1e5}, (_, i) => i).sort(() => { for (;;); })'),
  stopped('caught overflows', 'const f = () => { try { f() } catch { f() } }; f();'),
  stopped(
    'caught overflows of two',
    'const a = () => { try { b() } catch { b() } }, b = () => { try { a() } catch { a() } }; a();',
  ),
  stopped('an endless getter in the result', 'return { get a() { for (;;); } }'),
  stopped('an endless toJSON', 'return { toJSON() { for (;;); } }'),
  stopped('an endless thenable', 'return { then() { for (;;); } }'),
  stopped('an endless Symbol.toPrimitive', 'return "" + { [Symbol.toPrimitive]() { for (;;); } }'),
  stopped('a thrown Proxy', 'throw new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } })'),
  stopped('an endless message', 'throw Object.defineProperty(new Error(), "message", { get() { for (;;); } })'),
  stopped(
    'an endless name of a thrown error',
    'const e = new Error("x"); Object.defineProperty(e, "name", { get() { for (;;); } }); throw e;',
  ),
  stopped('an endless argument', 'await api.echo({ get a() { for (;;); } })'),
  stopped('an endless console value', 'console.log({ toJSON() { for (;;); } })'),
  stopped('a slow call', 'await api.slow({})'),
  stopped('a shared JSON bomb', 'let a = ["x".repeat(100)]; for (let i = 0; i < 40; i++) a = [a, a]; return a;', ENDED),
  stopped('a BigInt bomb', 'let x = 3n; for (;;) x = x * x;', ENDED),
  stopped('a slow replace', "'a'.repeat(1e6).replace(/(a*)*b/g, '')", [...ENDED]),
  stopped('a flood of calls', 'for (;;) api.echo({}).catch(() => {});', ENDED),
  stopped('a flood of the console', "for (;;) console.log('x'.repeat(1000));"),
  stopped(
    'an endless Promise subclass',
    'class P extends Promise { then(...a) { for (;;); } } await new P((r) => r(1));',
  ),
  stopped(
    'an endless iterator',
    'const [...x] = { [Symbol.iterator]() { return { next: () => ({ done: false, value: 1 }) } } };',
    ENDED,
  ),
  // Too large.
  stopped('strings', "let a = []; for (;;) a.push('x'.repeat(1e6) + a.length);", ['memory', 'timeout']),
  stopped('typed arrays', 'let a = []; for (;;) a.push(new Uint8Array(1e6));', ENDED),
  stopped('objects', 'let a = []; for (;;) a.push({});'),
  stopped('maps', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, {});'),
  stopped('closures', 'let f = () => 1; for (;;) { const g = f; f = () => g; }'),
  stopped('split', "return 'a'.repeat(2e7).split('')", ENDED),
  refused('a buffer of 2 GB', 'return new ArrayBuffer(2 ** 31)'),
  refused('a shared buffer of 2 GB', 'return new SharedArrayBuffer(2 ** 31)'),
  refused('a long padding', "return 'x'.padEnd(2 ** 30)"),
  refused('a repetition', "return 'x'.repeat(2 ** 30)"),
  refused('an array of 2^32', 'return new Array(2 ** 32 - 1).fill(1)'),
  refused('a deep recursion', 'const f = () => f() + 1; return f();'),
  refused('a deep result', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a;'),
  refused('a deep JSON text', "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))"),
  refused('a deep regular expression', "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5))"),
  refused('deep code', "return eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))"),
  refused('a result of 5 MB', "return 'x'.repeat(5e6)"),
  refused('long arguments', "await api.echo({ a: 'x'.repeat(3e5) })"),
  refused('a long name', "await api['x'.repeat(1000)]({})"),
  // Out of the sandbox.
  refused('import()', "await import('node:fs')"),
  refused('import of data', "await import('data:text/javascript,export default 1')"),
  refused('require', "require('fs')"),
  harmless(
    'globals of hosts',
    'return ["process", "require", "fetch", "setTimeout", "WebAssembly", "std", "os", "Worker", "postMessage", "performance", "Atomics", "Buffer", "Deno", "Bun", "scriptArgs", "print", "load", "__call", "module"].filter((name) => name in globalThis)',
    [],
  ),
  harmless('the constructor of a function', 'return (() => {}).constructor("return typeof process")()', 'undefined'),
  harmless(
    'the constructor of a call',
    'return api.echo.constructor("return typeof process + typeof globalThis.api")()',
    'undefinedobject',
  ),
  harmless('the constructor of a promise', 'return api.echo({}).constructor === Promise', true),
  harmless('eval', 'return (0, eval)("typeof process")', 'undefined'),
  harmless(
    'the async constructor',
    'return await (async () => {}).constructor("return typeof require")()',
    'undefined',
  ),
  harmless('this', 'return (function () { return Object.keys(this ?? {}).includes("process") })()', false),
  harmless('closing the wrapper', '}); globalThis.x = 1; (async () => { return globalThis.x', 1),
  harmless('the stack of an error', 'return /node:|file:|\\/src\\/|\\/dist\\//.test(new Error().stack)', false),
  harmless(
    'prepareStackTrace',
    'let seen = 0; Error.prepareStackTrace = (e, frames) => { seen = frames; return frames }; return String(new Error().stack).includes("node:")',
    false,
  ),
  harmless(
    'a prototype in arguments',
    'return await api.echo(JSON.parse(\'{"__proto__":{"polluted":1}}\')).then(() => "sent", (e) => e.message)',
    'sent',
  ),
  refused('closing the wrapper to throw', '}); throw new Proxy({}, { get() { for (;;); } }); (async () => {'),
  refused('closing the wrapper to loop', '}); for (;;); (async () => {'),
  // Harmless, whatever it changes.
  harmless('changed JSON', 'JSON.parse = JSON.stringify = () => "evil"; return (await api.echo({ a: 1 }))[0].a', 1),
  harmless('changed promises', 'Promise.prototype.then = () => { throw 1 }; return (await api.echo({ a: 2 }))[0].a', 2),
  harmless('changed String', 'String = () => "evil"; return (await api.echo({ a: 3 }))[0].a', 3),
  harmless(
    'changed Object.prototype',
    'Object.prototype.then = undefined; Object.prototype.fields = ["x"]; Object.prototype.toJSON = undefined; return (await api.echo({ a: 4 }))[0].a',
    4,
  ),
  harmless('a replaced api', 'try { globalThis.api = 1 } catch {} return typeof api.echo', 'function'),
  harmless('a deleted api', 'try { delete globalThis.api } catch {} return typeof api.echo', 'function'),
  harmless('a Proxy as arguments', 'return (await api.echo(new Proxy({ a: 5 }, {})))[0].a', 5),
  harmless(
    'cyclic arguments',
    'const a = {}; a.a = a; return await api.echo(a).then(() => "sent", (e) => e.name)',
    'TypeError',
  ),
  harmless('a detached call', 'const { echo } = api; return (await echo({ a: 6 }))[0].a', 6),
  harmless(
    'a call inside an argument',
    'return (await api.echo({ toJSON() { api.echo({}); return { a: 7 } } }))[0].a',
    7,
  ),
  harmless('awaiting api', 'await api; return 8', 8),
  harmless('calls without await', 'api.echo({}); api.echo({}); return 9', 9),
  harmless(
    '1,000 calls',
    'let n = 0; for (let i = 0; i < 1000; i++) await api.echo({}).then(() => n++, () => {}); return n',
    50,
  ),
  harmless(
    '2,000 parallel calls',
    'const all = await Promise.allSettled(Array.from({ length: 2000 }, () => api.echo({}))); return all.filter(({ status }) => status === "fulfilled").length',
    50,
  ),
  harmless('a million lines', 'for (let i = 0; i < 2e4; i++) console.log(i); return 10', 10),
  harmless('a tampered clock', 'Date.now = () => 0; globalThis.Date = null; return 11', 11),
];
