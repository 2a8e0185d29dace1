// Yours: written once, never touched again. What you change about single operations.
import type { PetShopHooks } from './types.ts';

/**
 * By the id of the operation: `name`, `title` and `description` of its tool, `hidden`, `fixed` arguments, `before` and
 * `after` a call, and `shape` for its result. An operation that is no longer in the document is an error of the compiler.
 *
 * ```ts
 * listPets: { description: 'As you would tell it to a model.', after: (result) => result },
 * ```
 */
export const hooks: PetShopHooks = {};
