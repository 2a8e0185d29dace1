import type { Graph, GraphEdge, GraphNode } from '../api-types.ts';
import { edgesOf, layOut } from './graph-layout.ts';
import { groupedBy } from './grouped-by.ts';
import { counted, Loaded, Method, Scrolling } from './parts.tsx';
import { linkTo } from './route.ts';
import { useFetched } from './use-fetched.ts';

/** More are not readable in one picture. */
const MOST_NODES = 30;

export function GraphView({ revision, selected }: { revision: number; selected: string | undefined }) {
  const fetched = useFetched<Graph>('graph', revision);
  return (
    <div class="page">
      <h2>Which operation returns the ids that another one needs</h2>
      <Loaded fetched={fetched}>{(graph) => <Drawn graph={graph} selected={selected} />}</Loaded>
    </div>
  );
}

function Drawn({ graph: { nodes, edges }, selected }: { graph: Graph; selected: string | undefined }) {
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const connected = nodes.filter(({ id }) => ends.has(id));
  if (connected.length === 0) return <p class="quiet">No operation needs an id that another one returns.</p>;
  const isLarge = connected.length > MOST_NODES;
  const current = connected.find(({ id }) => id === selected) ?? (isLarge ? busiest(connected, edges) : undefined);
  const shownEdges = current ? edgesOf(current.id, edges) : edges;
  const shownIds = new Set(shownEdges.flatMap(({ from, to }) => [from, to]));
  const shown = connected.filter(({ id }) => shownIds.has(id));
  return (
    <>
      <p class="quiet">
        {counted(connected.length, 'operation')} of {nodes.length} depend on each other
        {isLarge ? '. The picture shows one of them with its neighbours.' : '.'}
      </p>
      <div class="field narrow">
        <label for="operation">Operation</label>
        <select
          id="operation"
          value={current?.id ?? ''}
          onChange={({ currentTarget }) => {
            location.hash = currentTarget.value === '' ? linkTo('graph') : linkTo('graph', currentTarget.value);
          }}
        >
          {!isLarge && <option value="">all</option>}
          {connected.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <Picture nodes={shown} edges={shownEdges} current={current?.id} />
      <AsList nodes={shown} edges={shownEdges} />
    </>
  );
}

function busiest(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode | undefined {
  const counts = new Map<string, number>();
  for (const { from, to } of edges) for (const id of [from, to]) counts.set(id, (counts.get(id) ?? 0) + 1);
  return nodes.toSorted((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0))[0];
}

const SIZE = { width: 190, height: 44, across: 96, down: 18, margin: 8 };

interface PictureProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly current: string | undefined;
}

/** For eyes and pointers. The list has the same, for screen readers and keyboards. */
function Picture({ nodes, edges, current }: PictureProps) {
  const placed = layOut(
    nodes.map(({ id }) => id),
    edges,
  );
  const places = new Map(placed.map(({ id, column, row }) => [id, positionOf(column, row)]));
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + SIZE.width + SIZE.margin;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + SIZE.height + SIZE.margin;
  return (
    <Scrolling class="picture" label="Picture of the dependencies">
      <svg
        role="img"
        aria-label={`${counted(nodes.length, 'operation')} and how they depend on each other, as in the list below`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0 L8 4 L0 8 z" />
          </marker>
        </defs>
        {edges.map(({ from, to, labels }) => (
          <path key={`${from} ${to}`} class="edge" d={curve(places.get(from), places.get(to))} marker-end="url(#arrow)">
            <title>{labels.join(', ')}</title>
          </path>
        ))}
        {[...groupedBy(edges, ({ to }) => to)].map(([to, needs]) => (
          <Label key={to} text={needs.flatMap(({ labels }) => labels).join(', ')} at={places.get(to)} />
        ))}
        {nodes.map((node) => (
          <NodeBox key={node.id} node={node} at={places.get(node.id)} isCurrent={node.id === current} />
        ))}
      </svg>
    </Scrolling>
  );
}

/** What a node needs, at the ends of its arrows. */
const Label = ({ text, at = ORIGIN }: { text: string; at: Point | undefined }) => (
  <text class="label" x={at.x - 10} y={at.y + SIZE.height / 2 - 7} text-anchor="end">
    {cut(text, MOST_LABEL_CHARACTERS)}
  </text>
);
const MOST_LABEL_CHARACTERS = 14;

interface Point {
  readonly x: number;
  readonly y: number;
}

const positionOf = (column: number, row: number): Point => ({
  x: SIZE.margin + column * (SIZE.width + SIZE.across),
  y: SIZE.margin + row * (SIZE.height + SIZE.down),
});

function curve(from: Point = ORIGIN, to: Point = ORIGIN): string {
  const [x1, y1] = [from.x + SIZE.width, from.y + SIZE.height / 2];
  const [x2, y2] = [to.x - 2, to.y + SIZE.height / 2];
  const bend = Math.max(SIZE.across / 2, Math.abs(x2 - x1) / 3);
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

const ORIGIN: Point = { x: 0, y: 0 };

/** About as many characters as fit. */
const MOST_CHARACTERS = 24;
const cut = (text: string, most = MOST_CHARACTERS): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

function NodeBox({
  node: { id, label, method, path },
  at = ORIGIN,
  isCurrent,
}: {
  node: GraphNode;
  at: Point | undefined;
  isCurrent: boolean;
}) {
  const select = () => {
    location.hash = linkTo('graph', id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for pointers; the list has links
    <g class={isCurrent ? 'node current' : 'node'} transform={`translate(${at.x} ${at.y})`} onClick={select}>
      <title>{`${method} ${path}`}</title>
      <rect width={SIZE.width} height={SIZE.height} rx="6" />
      <text x="10" y="18">
        {cut(label)}
      </text>
      <text x="10" y="34" class="path">
        {cut(`${method} ${path}`)}
      </text>
    </g>
  );
}

function AsList({ nodes, edges }: Pick<PictureProps, 'nodes' | 'edges'>) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const needing = [...groupedBy(edges, ({ to }) => to)];
  return (
    <section>
      <h3>As a list</h3>
      <ul class="needs">
        {needing.map(([to, needs]) => (
          <li key={to}>
            <NodeLink node={byId.get(to)} /> needs{' '}
            {needs.map(({ from, labels }, index) => (
              <span key={from}>
                {index > 0 && ', and '}
                <strong>{labels.join(', ')}</strong> from <NodeLink node={byId.get(from)} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NodeLink({ node }: { node: GraphNode | undefined }) {
  if (!node) return null;
  const { id, tool, label, method } = node;
  return (
    <a href={tool === undefined ? linkTo('graph', id) : linkTo('operations', tool)}>
      <Method method={method} /> {label}
    </a>
  );
}
