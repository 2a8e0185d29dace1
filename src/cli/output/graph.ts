import type { ApiModel } from '../../model/index.ts';
import type { GraphFormat } from '../../options/choices.ts';
import { operationKey } from '../../runtime/api/facts/dependencies.ts';
import { searchData } from '../../runtime/api/facts/search-data.ts';

/** An operation that requires ids, and one that returns them. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly string[];
}

/** The dependencies between the operations of an API, as text for Graphviz or Mermaid. Operations without any are left out. */
export function graphText(model: ApiModel, format: GraphFormat): string {
  const edges = edgesOf(model);
  return format === 'dot' ? dot(edges) : mermaid(edges);
}

/** From the operation that returns ids to the one that requires them. */
function edgesOf(model: ApiModel): readonly Edge[] {
  const ids = new Map(model.operations.map((operation) => [operationKey(operation), operation.id]));
  return searchData(model).needs.flatMap((needs, index) => {
    const to = model.operations[index]?.id ?? '';
    const labels = new Map<string, string[]>();
    for (const { argument, operation } of needs) {
      const from = ids.get(operation);
      if (from !== undefined) labels.set(from, [...(labels.get(from) ?? []), argument]);
    }
    return [...labels].map(([from, names]) => ({ from, to, labels: names }));
  });
}

function dot(edges: readonly Edge[]): string {
  const lines = edges.map(
    ({ from, to, labels }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(labels.join(', '))}];`,
  );
  return ['digraph {', '  rankdir=LR;', ...lines, '}'].join('\n');
}

const quoted = (text: string): string => `"${text.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&')}"`;

function mermaid(edges: readonly Edge[]): string {
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
