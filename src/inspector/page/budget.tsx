import { useState } from 'preact/hooks';
import type { Budget, ToolCost, ToolLine } from '../api-types.ts';
import { grouped, Json, Loaded, Scrolling } from './parts.tsx';
import { linkTo } from './route.ts';
import { useFetched } from './use-fetched.ts';

export function BudgetView({ revision, tools }: { revision: number; tools: readonly ToolLine[] }) {
  const fetched = useFetched<Budget>('budget', revision);
  return (
    <div class="page">
      <h2>What the list of tools costs a model</h2>
      <p class="quiet">
        Estimated tokens, within 5 % of the o200k encoding. Claude counts about 60 % more. The model gets names,
        descriptions and input schemas; the wire has everything that the client gets.
      </p>
      <Loaded fetched={fetched}>
        {(budget) => (
          <>
            <Modes budget={budget} />
            <Tools budget={budget} names={new Set(tools.map(({ name }) => name))} revision={revision} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Modes({ budget: { modes, mode, usual } }: { budget: Budget }) {
  const most = Math.max(1, ...Object.values(modes).map(({ model }) => model));
  return (
    <section>
      <h3>In each mode</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Mode</th>
            <th scope="col" class="number">
              Model
            </th>
            <th scope="col" class="number">
              Wire
            </th>
            <th scope="col" class="wide">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(modes).map(([name, { model, wire }]) => (
            <tr key={name} class={name === mode ? 'current' : undefined}>
              <th scope="row">
                {name} {name === mode && <span class="badge">now</span>}
              </th>
              <Numbers of={[model, wire]} />
              <td class="wide">
                <span class="bar-of">
                  <span class="bar-part schema" style={{ width: `${(100 * model) / most}%` }} />
                </span>
                {model > usual && <span class="quiet"> more than {grouped(usual)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const Numbers = ({ of }: { of: readonly number[] }) => (
  <>
    {of.map((count, index) => (
      <td key={index} class="number">
        {grouped(count)}
      </td>
    ))}
  </>
);

type Column = keyof ToolCost;

const COLUMNS: readonly { readonly key: Column; readonly label: string }[] = [
  { key: 'tool', label: 'Tool' },
  { key: 'model', label: 'Model' },
  { key: 'wire', label: 'Wire' },
  { key: 'name', label: 'Name' },
  { key: 'description', label: 'Description' },
  { key: 'schema', label: 'Schema' },
];

interface Order {
  readonly by: Column;
  readonly isAscending: boolean;
}

interface ToolsProps {
  readonly budget: Budget;
  readonly names: ReadonlySet<string>;
  readonly revision: number;
}

function Tools({ budget: { tools, total, mode }, names, revision }: ToolsProps) {
  const [order, setOrder] = useState<Order>({ by: 'model', isAscending: false });
  const [seen, setSeen] = useState<string>();
  const sorted = [...tools].sort((a, b) => compared(a, b, order));
  const most = Math.max(1, ...tools.map(({ model }) => model));
  const sum = (key: Exclude<Column, 'tool'>) => tools.reduce((count, each) => count + each[key], 0);
  return (
    <section>
      <h3>
        Per tool <span class="count">as listed in mode {mode}</span>
      </h3>
      <p class="quiet key" aria-hidden="true">
        <span class="bar-part name" /> name <span class="bar-part description" /> description{' '}
        <span class="bar-part schema" /> input schema
      </p>
      <Scrolling class="scrolls" label="Tokens per tool">
        <table>
          <thead>
            <tr>
              {COLUMNS.map(({ key, label }) => (
                <SortHead key={key} column={key} label={label} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((cost) => (
              <ToolRows
                key={cost.tool}
                cost={cost}
                most={most}
                isLinked={names.has(cost.tool)}
                isSeen={seen === cost.tool}
                revision={revision}
                onSee={() => setSeen(seen === cost.tool ? undefined : cost.tool)}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <Numbers of={[total.model, total.wire, sum('name'), sum('description'), sum('schema')]} />
            </tr>
          </tfoot>
        </table>
      </Scrolling>
    </section>
  );
}

function compared(a: ToolCost, b: ToolCost, { by, isAscending }: Order): number {
  const sign = isAscending ? 1 : -1;
  return by === 'tool' ? sign * a.tool.localeCompare(b.tool) : sign * (a[by] - b[by]);
}

interface SortHeadProps {
  readonly column: Column;
  readonly label: string;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

function SortHead({ column, label, order, onOrder }: SortHeadProps) {
  const isSorted = order.by === column;
  const sort = isSorted ? (order.isAscending ? 'ascending' : 'descending') : undefined;
  // The largest first, and names from A.
  const next = isSorted ? !order.isAscending : column === 'tool';
  return (
    <th scope="col" class={column === 'tool' ? undefined : 'number'} aria-sort={sort}>
      <button type="button" class="sort" onClick={() => onOrder({ by: column, isAscending: next })}>
        {label}
        <span aria-hidden="true">{isSorted ? (order.isAscending ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}

interface ToolRowsProps {
  readonly cost: ToolCost;
  readonly most: number;
  readonly isLinked: boolean;
  readonly isSeen: boolean;
  readonly revision: number;
  readonly onSee: () => void;
}

function ToolRows({ cost, most, isLinked, isSeen, revision, onSee }: ToolRowsProps) {
  const { tool, name, description, schema, model, wire } = cost;
  const width = (tokens: number) => ({ width: `${(100 * tokens) / most}%` });
  return (
    <>
      <tr>
        <th scope="row">
          {isLinked ? <a href={linkTo('operations', tool)}>{tool}</a> : tool}{' '}
          <button type="button" class="plain" aria-expanded={isSeen} onClick={onSee}>
            {isSeen ? 'hide' : 'show'}
            <span class="hidden"> what a model sees of {tool}</span>
          </button>
          <span class="bar-of" aria-hidden="true">
            <span class="bar-part name" style={width(name)} />
            <span class="bar-part description" style={width(description)} />
            <span class="bar-part schema" style={width(schema)} />
          </span>
        </th>
        <Numbers of={[model, wire, name, description, schema]} />
      </tr>
      {isSeen && (
        <tr>
          <td colSpan={COLUMNS.length}>
            <Seen tool={tool} revision={revision} />
          </td>
        </tr>
      )}
    </>
  );
}

function Seen({ tool, revision }: { tool: string; revision: number }) {
  const fetched = useFetched<unknown>('seen', revision, { name: tool });
  return <Loaded fetched={fetched}>{(entry) => <Json label={`What a model sees of ${tool}`} value={entry} />}</Loaded>;
}
