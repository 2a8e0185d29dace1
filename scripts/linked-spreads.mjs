// A plugin for rolldown that makes object literals quick on Node 20, such as `{ ...request, signal }`.
import { parseAst } from 'rolldown/parseAst';

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

function linked(code) {
  let [text, at] = ['', 0];
  for (const start of firstSpreads(parseAst(code))) {
    text += `${code.slice(at, start)}...{},`;
    at = start;
  }
  return text + code.slice(at);
}

/** Where the first property of each literal begins that is a spread and has others after it, in their order. */
function firstSpreads(node) {
  if (Array.isArray(node)) return node.flatMap(firstSpreads);
  if (typeof node?.type !== 'string') return [];
  const { type, properties } = node;
  const own = type === 'ObjectExpression' && properties.length > 1 && properties[0].type === 'SpreadElement';
  const inside = Object.values(node).flatMap(firstSpreads);
  return own ? [properties[0].start, ...inside] : inside;
}
