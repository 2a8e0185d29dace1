import { type CheckOptions, declareOptions } from '../../options/declare-options.ts';
import { func, text } from '../../options/option-kinds.ts';

export interface MountOptions {
  /** Stands before the names of tools and prompts, and of resource templates. URIs stay as they are. */
  readonly prefix: string;
  /**
   * As that of `mount()` of `createServer()`, in place of a prefix: names become `<namespace>_<name>`, the authority of
   * URIs `<namespace>.<authority>`, so that one provider can be mounted several times.
   */
  readonly namespace?: string;
  /** Receives changes that could not be applied, and failures of tools. */
  readonly onError: (error: Error) => void;
}

/** Options of every way to mount a provider into an SDK's server. */
export const mountOptions = (maker: string): CheckOptions<Partial<MountOptions>> =>
  declareOptions<Partial<MountOptions>>(
    maker,
    { prefix: text, namespace: text, onError: func },
    {
      hints: { name: 'Write "namespace", or "prefix".' },
      example: `${maker.slice(0, -1)}server, api, { prefix: 'pets_' })`,
    },
  );
