// A plugin for rolldown that makes object literals quick on Node 20, such as `{ ...request, signal }`.
import { parseAst } from 'rolldown/parseAst';
import { edited, nodesIn } from './edit-code.mjs';

/**
 * V8 copies the object of a first spread at once, and until version 12 the copy's hidden class has no transitions: every
 * property that follows creates a hidden class of its own, for each object. That takes ten times as long as the
 * property, and code that reads such objects cannot be optimised for their classes. A copy into an empty object has the
 * hidden class of a literal.
 */
export const linkedSpreads = {
  name: 'linked-spreads',
  // On what is written: the bundler takes the empty object for nothing.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = linked(chunk.code);
  },
};

/** Literals whose first property is a spread, with others after it. */
function linked(code) {
  const spreads = nodesIn(parseAst(code)).filter(
    ({ type, properties }) =>
      type === 'ObjectExpression' && properties.length > 1 && properties[0].type === 'SpreadElement',
  );
  const edits = spreads.map(({ properties: [{ start }] }) => ({ start, end: start, text: '...{},' }));
  return edited(code, edits);
}
