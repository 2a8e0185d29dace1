import type { ApiModel } from '../../model/index.ts';
import type { GraphFormat } from '../../options/choices.ts';
import { type DependencyEdge, dependencyEdges } from '../../runtime/api/facts/dependency-edges.ts';

/** The dependencies between the operations of an API, as text for Graphviz or Mermaid. Operations without any are left out. */
export function graphText(model: ApiModel, format: GraphFormat): string {
  const edges = dependencyEdges(model);
  return format === 'dot' ? dot(edges) : mermaid(edges);
}

function dot(edges: readonly DependencyEdge[]): string {
  const lines = edges.map(
    ({ from, to, labels }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(labels.join(', '))}];`,
  );
  return ['digraph {', '  rankdir=LR;', ...lines, '}'].join('\n');
}

const quoted = (text: string): string => `"${text.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')}"`;

function mermaid(edges: readonly DependencyEdge[]): string {
  const numbers = new Map<string, string>();
  const node = (id: string): string => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, `n${numbers.size}`);
    return `n${numbers.size - 1}["${escaped(id)}"]`;
  };
  return [
    'flowchart LR',
    ...edges.map(({ from, to, labels }) => `  ${node(from)} -->|"${escaped(labels.join(', '))}"| ${node(to)}`),
  ].join('\n');
}

/** Mermaid has entity codes in place of escapes. */
const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/"/g, '#quot;');
