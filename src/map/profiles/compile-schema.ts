import type { Coercion, JsonSchema } from '../../model/index.ts';
import type { Compilation, Context, Place, ShownSchema } from './compile/context.ts';
import { flatten } from './compile/flatten.ts';
import { describe, Notes } from './compile/notes.ts';
import { show } from './compile/unions.ts';

export interface Compiled {
  readonly schema: ShownSchema;
  readonly coercions: readonly Coercion[];
  /** Constraints that only the descriptions tell. */
  readonly losses: number;
  /** Something was left out because of `maxDepth`, so that a larger one would show more. */
  readonly cut: boolean;
}

/**
 * A schema without references, in the keywords of a profile that refuses references. It accepts whatever the exact one
 * accepts (after coercion); what it cannot hold is told in descriptions. One exception, which no document means
 * otherwise: with `explicitShapes`, properties without a `type` make an object, and items a list.
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

/** Flattened, then shown in the profile's keywords, then described with what those cannot hold. */
function compile(exact: JsonSchema, place: Place, context: Context): ShownSchema {
  if (exact === true) return {};
  if (exact === false) return { description: 'Not to be given.' };
  const site = { ...place, context, notes: new Notes() };
  const { schema, open } = flatten(exact, site);
  const shown = show(schema, { ...site, open });
  context.losses += site.notes.losses;
  return describe(shown, site.notes, context.rules.inlined?.maxDescription);
}
