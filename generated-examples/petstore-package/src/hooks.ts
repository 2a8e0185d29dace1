// This file is yours: it is written once and never changed again. It customises single operations.
import type { PetShopHooks } from './types.ts';

/**
 * By operation id: `name`, `title` and `description` of its tool, `hidden`, `fixed` arguments, `before` and `after` a
 * call, and `shape` for its result. An operation that is no longer in the document is a compiler error.
 *
 * ```ts
 * listPets: { description: 'Written for a model.', after: (result) => result },
 * ```
 */
export const hooks: PetShopHooks = {};
