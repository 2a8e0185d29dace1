import type { Coercion, JsonSchema } from '../../model/index.ts';
import type { Compilation, Context, Place, ShownSchema } from './compile/context.ts';
import { flatten } from './compile/flatten.ts';
import { describe, Notes } from './compile/notes.ts';
import { show } from './compile/unions.ts';

export interface Compiled {
  readonly schema: ShownSchema;
  readonly coercions: readonly Coercion[];
  /** Constraints that only the descriptions express. */
  readonly losses: number;
  /** Something was left out because of `maxDepth`, so a larger value would show more. */
  readonly cut: boolean;
}

/**
 * A schema without references, in the keywords of a profile that rejects references. It accepts whatever the exact one
 * accepts (after coercion); what it cannot express is described. One exception, which no document intends otherwise:
 * with `explicitShapes`, `properties` without a `type` mean an object, and `items` a list.
 */
export function compileSchema(exact: JsonSchema, compilation: Compilation): Compiled {
  const context: Context = {
    ...compilation,
    coercions: [],
    losses: 0,
    cut: false,
    compile: (schema, place) => compile(schema, place, context),
  };
  const schema = compile(exact, { depth: 0, path: [], open: [] }, context);
  const { coercions, losses, cut } = context;
  return { schema, coercions, losses, cut };
}

/** Flattens the schema, lists it with the profile's keywords, then describes what those cannot express. */
function compile(exact: JsonSchema, place: Place, context: Context): ShownSchema {
  if (exact === true) return {};
  if (exact === false) return { description: 'Not to be given.' };
  const site = { ...place, context, notes: new Notes() };
  const { schema, open } = flatten(exact, site);
  const shown = show(schema, { ...site, open });
  context.losses += site.notes.losses;
  return describe(shown, site.notes, context.rules.inlined?.maxDescription);
}
