// In place of `runtime/node/quickjs-sandbox.ts` in a Worker, which starts no threads: see `scripts/bundle.mjs`.
import { OptionError } from '../runtime/options/option-error.ts';

export async function quickJsSandbox(): Promise<never> {
  throw new OptionError('Code mode does not work in a Worker, because it starts no threads.');
}
