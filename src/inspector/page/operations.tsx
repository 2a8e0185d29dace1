import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ToolLine } from '../api-types.ts';
import { announce } from './announce.ts';
import { groupedBy } from './grouped-by.ts';
import { counted } from './parts.tsx';
import { ItemGroup, Split } from './split.tsx';
import { ToolView } from './tool-view.tsx';

export interface OperationsViewProps {
  readonly tools: readonly ToolLine[];
  readonly selected: string | undefined;
  readonly revision: number;
}

export function OperationsView({ tools, selected, revision }: OperationsViewProps) {
  const [query, setQuery] = useState('');
  const found = useMemo(() => matching(tools, query), [tools, query]);
  useEffect(() => {
    if (query !== '') announce(`${counted(found.length, 'operation')} found.`);
  }, [found]);
  const tool = tools.find(({ name }) => name === selected);
  return (
    <Split
      view="operations"
      noun="tool"
      selected={selected}
      empty="Select an operation to see what it does, and to call it."
      list={
        <>
          <search>
            <label class="hidden" for="search">
              Search operations
            </label>
            <input
              id="search"
              type="search"
              placeholder="Search operations"
              autocomplete="off"
              value={query}
              onInput={({ currentTarget }) => setQuery(currentTarget.value)}
            />
          </search>
          {found.length === 0 && (
            <p class="quiet empty">{tools.length === 0 ? 'No tools.' : `Nothing matches “${query}”.`}</p>
          )}
          {byTag(found).map(([tag, members]) => (
            <ItemGroup key={tag} title={tag} view="operations" items={members.map(itemOf)} selected={selected} />
          ))}
        </>
      }
      detail={tool && <ToolView key={selected} tool={tool} revision={revision} />}
    />
  );
}

const itemOf = ({ name, title, method, path }: ToolLine) => ({ key: name, name, about: path ?? title ?? '', method });

/** Every word has to occur somewhere. */
function matching(tools: readonly ToolLine[], query: string): readonly ToolLine[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tools;
  return tools.filter(({ name, title, description, method, path }) => {
    const text = [name, title, description, method, path].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** By their first tag, in the order of the document; what has none comes last. */
function byTag(tools: readonly ToolLine[]): readonly (readonly [string, readonly ToolLine[]])[] {
  const groups = groupedBy(tools, ({ tags }) => tags[0] ?? '');
  const other = groups.get('');
  groups.delete('');
  return [...groups, ...(other ? [[groups.size > 0 ? 'other' : 'tools', other] as const] : [])];
}
