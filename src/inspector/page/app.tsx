import { useEffect, useState } from 'preact/hooks';
import type { AskedQuestion, Overview, TrafficLine } from '../api-types.ts';
import { announce } from './announce.ts';
import { type ConnectionState, follow, read } from './api.ts';
import { BudgetView } from './budget.tsx';
import { GraphView } from './graph.tsx';
import { OperationsView } from './operations.tsx';
import { grouped, Loaded, Notice } from './parts.tsx';
import { ProblemsView } from './problems.tsx';
import { PromptsView } from './prompts.tsx';
import { passQuestion } from './question.tsx';
import { ResourcesView } from './resources.tsx';
import { linkTo, type Route, useRoute, VIEWS, type View } from './route.ts';
import { TrafficView } from './traffic.tsx';
import { useFetched } from './use-fetched.ts';

export function App() {
  const route = useRoute();
  const { revision, connection, traffic } = useLive();
  const fetched = useFetched<Overview>('overview', revision);
  const overview = fetched.state === 'ready' ? fetched.value : undefined;
  const title = overview?.info.title ?? overview?.info.name ?? 'Inspector';
  useEffect(() => {
    document.title = `${LABELS[route.view]} – ${title}`;
  }, [route.view, title]);
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <div class="bar">
          <p class="brand">
            <strong>{title}</strong>
            {overview && <span class="quiet"> {overview.info.version}</span>}
          </p>
          {overview && <span class="badge">mode {overview.mode}</span>}
          <span class={`badge state ${connection}`}>{STATES[connection]}</span>
        </div>
        <Navigation route={route} counts={countsOf(overview, traffic)} />
      </header>
      <Banners connection={connection} overview={overview} />
      <main id="content" tabIndex={-1}>
        <h1 class="hidden">{LABELS[route.view]}</h1>
        <Loaded fetched={fetched}>
          {(value) => <Content route={route} overview={value} traffic={traffic} revision={revision} />}
        </Loaded>
      </main>
      <div id="announcements" class="hidden" role="status" />
    </>
  );
}

const LABELS: Readonly<Record<View, string>> = {
  operations: 'Operations',
  resources: 'Resources',
  prompts: 'Prompts',
  budget: 'Budget',
  graph: 'Dependencies',
  traffic: 'Traffic',
  problems: 'Problems',
};

const STATES: Readonly<Record<ConnectionState, string>> = {
  open: 'live',
  lost: 'connecting …',
  refused: 'session ended',
};

/** As many as the server keeps. */
const MOST_LINES = 200;

/** What the server reports: reloads, and calls as they finish. */
function useLive() {
  const [revision, setRevision] = useState(0);
  const [connection, setConnection] = useState<ConnectionState>('lost');
  const [traffic, setTraffic] = useState<readonly TrafficLine[]>([]);
  useEffect(() => {
    let opened = false;
    return follow({
      onState(state) {
        setConnection(state);
        if (state !== 'open') return;
        // Calls may finish before the answer arrives.
        setTraffic([]);
        read<readonly TrafficLine[]>('traffic').then(
          (kept) => setTraffic((lines) => lines.reduce(withLine, kept)),
          () => {},
        );
        // After a lost connection, the server may be another one.
        if (opened) setRevision((count) => count + 1);
        opened = true;
      },
      onEvent(name, data) {
        if (name === 'traffic') setTraffic((lines) => withLine(lines, data as TrafficLine));
        if (name === 'question') passQuestion(data as AskedQuestion);
        if (name !== 'reload') return;
        setRevision((count) => count + 1);
        // A failure is in a banner that announces itself.
        if (!(data as { readonly failed: boolean }).failed) announce('The server was reloaded.');
      },
    });
  }, []);
  return { revision, connection, traffic };
}

const withLine = (lines: readonly TrafficLine[], line: TrafficLine): readonly TrafficLine[] =>
  lines.some(({ id }) => id === line.id) ? lines : [...lines, line].slice(-MOST_LINES);

type Counts = Partial<Readonly<Record<View, number>>>;

function countsOf(overview: Overview | undefined, traffic: readonly TrafficLine[]): Counts {
  if (!overview) return {};
  const { tools, resources, templates, prompts, problems } = overview;
  return {
    operations: tools.length,
    resources: resources.length + templates.length,
    prompts: prompts.length,
    traffic: traffic.length,
    problems,
  };
}

function Navigation({ route, counts }: { route: Route; counts: Counts }) {
  return (
    <nav aria-label="Views">
      <ul>
        {VIEWS.map((view) => (
          <li key={view}>
            <a href={linkTo(view)} aria-current={route.view === view ? 'page' : undefined}>
              {LABELS[view]}
              {counts[view] !== undefined && <span class="count">{grouped(counts[view])}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Banners({ connection, overview }: { connection: ConnectionState; overview: Overview | undefined }) {
  const failure = overview?.failure;
  return (
    <div class="banners" role="alert">
      {failure && (
        <Notice kind="error">
          <strong>The latest edit is not served.</strong> The version before it still is. (
          <time>{new Date(failure.at).toLocaleTimeString()}</time>)<pre>{failure.message}</pre>
        </Notice>
      )}
      {connection === 'refused' && (
        <Notice kind="warning">
          The session has ended. Open the latest inspector link in the terminal of the server.
        </Notice>
      )}
    </div>
  );
}

interface ContentProps {
  readonly route: Route;
  readonly overview: Overview;
  readonly traffic: readonly TrafficLine[];
  readonly revision: number;
}

function Content({ route: { view, item }, overview, traffic, revision }: ContentProps) {
  switch (view) {
    case 'operations':
      return <OperationsView tools={overview.tools} selected={item} revision={revision} />;
    case 'resources':
      return <ResourcesView resources={overview.resources} templates={overview.templates} selected={item} />;
    case 'prompts':
      return <PromptsView prompts={overview.prompts} selected={item} />;
    case 'budget':
      return <BudgetView revision={revision} tools={overview.tools} />;
    case 'graph':
      return <GraphView revision={revision} selected={item} />;
    case 'traffic':
      return <TrafficView lines={traffic} />;
    case 'problems':
      return <ProblemsView revision={revision} />;
  }
}
