// The tables of `npm run compare`, and docs/comparison.md.
import { availableParallelism } from 'node:os';
import { GROUPS } from './cases.mjs';

const ROWS = GROUPS.flatMap((group) => group.cases.map((each) => ({ ...each, group })));

/** Markdown tables: what the command prints, and the page shows. */
export function tablesOf(report) {
  const { peers } = report;
  const has = (key) => peers.some((peer) => key in peer);
  return [
    section('Versions', versions(report)),
    ...(has('wire') ? [section('Wire exactness', wire(report))] : []),
    ...(has('documents') ? [section('Start', starts(report)), section('Lists and memory', lists(report))] : []),
    ...(has('calls') ? [section('Calls', calls(report))] : []),
    ...(has('documents') ? [section('Generators', generators(report))] : []),
    ...(has('wire') ? [section('Every case', everyCase(report))] : []),
  ].join('\n\n');
}

/** Complete page, with the notes that the tables need. */
export const pageOf = (report) => `# Comparison

<!-- Written by \`npm run compare -- --write\`: edit scripts/compare/page.mjs instead. -->

How openapi-mcp compares with other ways to serve an OpenAPI document over MCP. One run of \`npm run compare\` measured
all of them, on the same machine: ${report.date}, ${availableParallelism()} cores, Node ${report.node}. Times depend on the
machine and its load; ratios compare each peer to a floor that is measured right next to it. Where a peer is better, the
table says so.

Run it yourself: \`npm run compare\` (a quarter of an hour or more; it installs the peers from the npm registry into a temporary
folder, without their install scripts).

${tablesOf(report)}
`;

const section = (title, text) => `## ${title}\n\n${text}`;

export function table(headings, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function versions({ peers, left }) {
  const rows = peers.map(({ title, version, note = '', failed }) => [title, version, failed ? because(failed) : note]);
  return [table(['peer', 'version', 'note'], rows), ...left].join('\n\n');
}

const WIRE_NOTE = `Each case is an operation with arguments, and the request that the OpenAPI Specification requires for them: method, path,
query, headers, cookies and body. The expected requests come from the tables and examples of the specification, which
each case cites. Tools and arguments of a peer are found by its own lists (scripts/compare/arguments.mjs), so names cost
nothing. A document that a peer cannot load is tried again with one operation at a time. Requests are compared as a
server reads them (scripts/compare/judge.mjs): percent-encoding that changes nothing is equal, but a comma that separates
items is not equal to \`%2C\`, which is a comma inside an item (RFC 6570 §3.2.1).`;

function wire({ peers }) {
  const exact = ({ wire }, cases) => cases.filter(({ id }) => wire?.[id] === null).length;
  const rows = GROUPS.map(({ title, cases }) => [
    `${title} (${cases.length})`,
    ...peers.map((peer) => shownExact(peer, exact(peer, cases))),
  ]);
  const total = [`**all (${ROWS.length})**`, ...peers.map((peer) => shownExact(peer, exact(peer, ROWS)))];
  return `${WIRE_NOTE}\n\n${table(['exact requests', ...peers.map(({ title }) => title)], [...rows, total])}`;
}

const shownExact = ({ wire }, count) => (wire ? count : 'failed');

const DOCUMENTS = { small: 'small', petstore: 'petstore', large: 'large' };

function starts({ peers, operations }) {
  const cell = (peer, name, key) => {
    const result = peer.documents?.[name];
    if (!result || result.failed) return because(result?.failed ?? peer.failed);
    return `${result[key].toFixed(0)} ms (${ratio(result[key], result.floor?.[key])})`;
  };
  const rows = Object.entries(DOCUMENTS).flatMap(([name, title]) => [
    [`${title}, cold`, ...peers.map((peer) => cell(peer, name, 'coldMs'))],
    [`${title}, warm`, ...peers.map((peer) => cell(peer, name, 'warmMs'))],
  ]);
  const about = `From the start of the process to the complete response to the first \`tools/list\`, over stdio, and the ratio to the
floor: a server with the bare SDK that lists one tool. Cold: with empty cache folders. Warm: later starts. "small" and
"large" are made documents with 40 and ${operations} operations (scripts/bench/synthetic.mjs), "petstore" is
test-specs/petstore.yaml, which has uploads too. Generated servers have read the document before, which is part of what a
generator is for.`;
  return `${about}\n\n${table(['start', ...peers.map(({ title }) => title)], rows)}`;
}

/** Short enough for a cell. An error of the protocol has its text in a field. */
const because = (text = 'not measured') => {
  const said = /"message":"([^"]+)"/.exec(text)?.[1] ?? text.replace(/^\S+ (?:ended with \d+): /, '');
  return `failed: ${said.length > 90 ? `${said.slice(0, 89)}…` : said}`;
};

const ratio = (value, floor) => (floor === undefined ? 'no floor' : `${(value / floor).toFixed(2)}×`);

function lists({ peers }) {
  const cell = (peer, name, show) => {
    const result = peer.documents?.[name];
    return !result || result.failed ? 'failed' : show(result);
  };
  const rows = Object.entries(DOCUMENTS).flatMap(([name, title]) => [
    [`${title}: tools`, ...peers.map((peer) => cell(peer, name, ({ tools }) => tools))],
    [`${title}: tokens`, ...peers.map((peer) => cell(peer, name, ({ tokens }) => tokens))],
    [`${title}: bytes`, ...peers.map((peer) => cell(peer, name, ({ bytes }) => bytes))],
    [
      `${title}: memory`,
      ...peers.map((peer) =>
        cell(peer, name, ({ memory, floor }) => `${megabytes(memory)} (${ratio(memory, floor?.memory)})`),
      ),
    ],
  ]);
  const about = `Tokens (o200k) of names, descriptions and input schemas, which is what a model sees; bytes of the complete list; resident
memory after it. Fewer tokens are not better by themselves: a list without descriptions or schemas is short. The types of
the made documents refer to each other in one chain, so output schemas that contain everything they refer to are long.`;
  return `${about}\n\n${table(['list', ...peers.map(({ title }) => title)], rows)}`;
}

const megabytes = (bytes) => (bytes === undefined ? 'unknown' : `${(bytes / 1e6).toFixed(0)} MB`);

function calls({ peers }) {
  const cell = (peer, key, show) => {
    const result = peer.calls;
    if (!result || result.failed) return because(result?.failed ?? peer.failed);
    return `${show(result[key])} (${ratio(result[key], result.floor?.[key])})`;
  };
  const ms = (value) => `${value.toFixed(2)} ms`;
  const rows = [
    ['one at a time, p50', ...peers.map((peer) => cell(peer, 'p50', ms))],
    ['one at a time, p99', ...peers.map((peer) => cell(peer, 'p99', ms))],
    ['16 at once, calls/s', ...peers.map((peer) => cell(peer, 'rate', (value) => value.toFixed(0)))],
  ];
  const about = `A GET with one path parameter, over stdio, to an API on the same machine that answers at once. The ratio is to the floor,
which does one \`fetch\` and checks nothing: for times below 1× is better, for calls/s above.`;
  return `${about}\n\n${table(['call', ...peers.map(({ title }) => title)], rows)}`;
}

function generators({ peers }) {
  const generating = peers.filter(({ isGenerator }) => isGenerator);
  if (generating.length === 0) return 'None was measured.';
  const cell = (peer, name, key) => {
    const result = peer.documents?.[name];
    if (result?.[key] === undefined && !(key === 'checkMs' && result?.checkFailed))
      return because(result?.failed ?? peer.failed);
    if (key === 'checkMs' && result.checkFailed) return because(result.checkFailed);
    return `${(result[key] / 1000).toFixed(1)} s`;
  };
  const rows = Object.entries(DOCUMENTS).flatMap(([name, title]) => [
    [`${title}: generate`, ...generating.map((peer) => cell(peer, name, 'generateMs'))],
    [`${title}: type-check`, ...generating.map((peer) => cell(peer, name, 'checkMs'))],
  ]);
  const about = `One run of each command. The compiler is the one of this repository for all, with the tsconfig.json of the generated
project, or a strict one for generators that write none.`;
  return `${about}\n\n${table(['generator', ...generating.map(({ title }) => title)], rows)}`;
}

function everyCase({ peers }) {
  const mark = ({ wire }, id) => {
    if (wire?.[id] === undefined) return 'failed';
    if (wire[id] === null) return 'exact';
    if (wire[id].startsWith('did not load')) return 'did not load';
    return wire[id].startsWith('sent nothing') || wire[id].startsWith('no tool') ? 'not sent' : 'differs';
  };
  const rows = ROWS.map(({ id, section: cited }) => [`\`${id}\``, cited, ...peers.map((peer) => mark(peer, id))]);
  const about = `\`exact\`: the request is as specified. \`differs\`: another request arrived. \`not sent\`: none did. \`npm run compare -- --json\`
says what was sent instead.`;
  return `${about}\n\n${table(['case', 'expected by', ...peers.map(({ title }) => title)], rows)}`;
}
