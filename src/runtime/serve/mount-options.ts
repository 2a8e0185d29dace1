import { type CheckOptions, declareOptions } from '../options/declare-options.ts';
import { func, text } from '../options/option-kinds.ts';
import type { MountOptions } from './mount-into.ts';

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
