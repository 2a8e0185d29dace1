/**
 * What is used of the optional packages `quickjs-emscripten-core` and `@jitl/quickjs-ng-wasmfile-release-sync`. Declared
 * here, so that a project without them compiles.
 */
export const QUICKJS_PACKAGES = ['quickjs-emscripten-core', '@jitl/quickjs-ng-wasmfile-release-sync'] as const;

export interface QuickJsCore {
  newVariant(base: unknown, options: { readonly wasmMemory: object }): unknown;
  newQuickJSWASMModuleFromVariant(variant: unknown): Promise<QuickJsModule>;
}
export interface QuickJsModule {
  newRuntime(): QuickJsRuntime;
}
export interface QuickJsRuntime {
  newContext(): QuickJsContext;
  setMemoryLimit(bytes: number): void;
  setMaxStackSize(bytes: number): void;
  setInterruptHandler(isOver: () => boolean): void;
  hasPendingJob(): boolean;
  executePendingJobs(most: number): { readonly error?: QuickJsHandle | undefined };
}
export interface QuickJsHandle {
  dispose(): void;
}
export interface QuickJsPromise {
  readonly handle: QuickJsHandle;
  resolve(value: QuickJsHandle): void;
  dispose(): void;
}
type Result = { readonly value: QuickJsHandle; readonly error?: undefined } | { readonly error: QuickJsHandle };
export interface QuickJsContext {
  readonly undefined: QuickJsHandle;
  evalCode(code: string, file: string): Result;
  callFunction(callee: QuickJsHandle, self: QuickJsHandle, ...args: readonly QuickJsHandle[]): Result;
  // biome-ignore lint/suspicious/noConfusingVoidType: the package's own type
  newFunction(name: string, run: (...args: readonly QuickJsHandle[]) => QuickJsHandle | void): QuickJsHandle;
  newPromise(): QuickJsPromise;
  newString(text: string): QuickJsHandle;
  getString(handle: QuickJsHandle): string;
  getProp(handle: QuickJsHandle, key: string): QuickJsHandle;
  typeof(handle: QuickJsHandle): string;
}

/** Not literals: the packages are optional, so neither the compiler nor a bundler may resolve them. */
const [CORE, VARIANT]: readonly string[] = QUICKJS_PACKAGES;

/** Not among the types of this runtime. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => object;
  };
};

const PAGE_BYTES = 65_536;
/** What QuickJS itself needs. */
const ENGINE_BYTES = 8_388_608;
const FIRST_PAGES = 256;

/** A fresh engine, whose memory cannot grow beyond the heap and what the engine needs. */
export async function openQuickJs(maxHeapBytes: number): Promise<QuickJsRuntime> {
  const [core, variant] = await Promise.all([
    import(CORE as string) as Promise<QuickJsCore>,
    import(VARIANT as string) as Promise<{ readonly default: unknown }>,
  ]);
  const maximum = Math.max(FIRST_PAGES, Math.ceil((maxHeapBytes + ENGINE_BYTES) / PAGE_BYTES));
  const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum });
  const module = await core.newQuickJSWASMModuleFromVariant(core.newVariant(variant.default, { wasmMemory }));
  const runtime = module.newRuntime();
  runtime.setMemoryLimit(maxHeapBytes);
  runtime.setMaxStackSize(STACK_BYTES);
  return runtime;
}
/** Small: caught overflows in a loop take longer the more there is to unwind. */
const STACK_BYTES = 65_536;
