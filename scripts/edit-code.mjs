// Edits code by its syntax tree.

/** A node of the tree, and all below it. */
export function nodesIn(node) {
  if (Array.isArray(node)) return node.flatMap(nodesIn);
  if (typeof node?.type !== 'string') return [];
  return [node, ...Object.values(node).flatMap(nodesIn)];
}

/**
 * Code with parts of it replaced. Of edits that start at the same place, the last one is made.
 *
 * @param edits each with `start`, `end` and `text`
 */
export function edited(code, edits) {
  const byStart = new Map(edits.map((edit) => [edit.start, edit]));
  let [text, at] = ['', 0];
  for (const { start, end, text: replacement } of [...byStart.values()].sort((a, b) => a.start - b.start)) {
    text += code.slice(at, start) + replacement;
    at = end;
  }
  return text + code.slice(at);
}
