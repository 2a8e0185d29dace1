import { OptionError } from '../options/option-error.ts';
import {
  type CallContext,
  type ElicitAnswer,
  type ListChange,
  type Prompt,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceTemplate,
  type Tool,
  type ToolResult,
} from '../provider.ts';

/** A hand-written provider with one tool for each thing a served provider must be able to do. */
export interface FixtureProvider extends Provider {
  /** What the tool `hang` has seen. */
  readonly hanging: { started: number; aborted: number };
  readonly answers: ElicitAnswer[];
  readonly seen: { callers: (string | undefined)[]; closed: boolean };
  addTool(tool: Tool): void;
  announce(change: ListChange): void;
}

const OBJECT = { type: 'object' } as const;
const text = (value: string): ToolResult => ({ content: [{ type: 'text', text: value }] });

const TOOLS: readonly Tool[] = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Repeats its input.',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'], $defs: { a: {} } },
    annotations: { readOnlyHint: true },
    icons: [{ src: 'https://api.test/echo.png', mimeType: 'image/png' }],
    _meta: { 'test/mark': 1 },
  },
  { name: 'count', inputSchema: OBJECT, outputSchema: { type: 'array', items: { type: 'integer' } } },
  { name: 'steps', inputSchema: OBJECT },
  { name: 'hang', inputSchema: OBJECT },
  { name: 'slow', inputSchema: OBJECT },
  { name: 'throw', inputSchema: OBJECT },
  { name: 'bad-arguments', inputSchema: OBJECT },
  { name: 'ask', inputSchema: OBJECT },
  {
    name: 'regional',
    inputSchema: {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
    } as Tool['inputSchema'],
  },
];

const RESOURCES: readonly Resource[] = [
  { uri: 'api://test/status', name: 'status', mimeType: 'application/json' },
  { uri: 'api://test/logo', name: 'logo', mimeType: 'image/png' },
];
const TEMPLATES: readonly ResourceTemplate[] = [
  { uriTemplate: 'api://test/pets/{id}{?fields,limit}', name: 'pet', mimeType: 'application/json' },
];
const PROMPTS: readonly Prompt[] = [
  { name: 'greet', description: 'Greets.', arguments: [{ name: 'who', description: 'Whom', required: true }] },
];

export function fixtureProvider({ tools: listed = TOOLS }: { tools?: readonly Tool[] } = {}): FixtureProvider {
  let tools: readonly Tool[] = Object.freeze([...listed]);
  const listeners = new Set<(change: ListChange) => void>();
  const announce = (change: ListChange) => {
    for (const listener of listeners) listener(change);
  };
  const hanging = { started: 0, aborted: 0 };
  const answers: ElicitAnswer[] = [];
  const seen = { callers: [] as (string | undefined)[], closed: false };

  const perform: Record<
    string,
    (given: Readonly<Record<string, unknown>>, context: CallContext) => Promise<ToolResult>
  > = {
    echo: async ({ text: said }) => text(String(said)),
    count: async () => ({ content: [], structuredContent: [1, 2, 3] }),
    steps: async (_given, { progress, log }) => {
      log('debug', 'fine detail');
      log('warning', { step: 0 });
      for (const step of [1, 2, 3]) {
        progress({ progress: step, total: 3, message: `step ${step}` });
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
      return text('done');
    },
    hang: async (_given, { signal }) => {
      hanging.started++;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          hanging.aborted++;
          reject(signal.reason);
        });
      });
      return text('never');
    },
    slow: async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return text('slow but here');
    },
    throw: async () => {
      throw new OptionError('the handler broke');
    },
    'bad-arguments': async () => {
      throw new ProviderError('INVALID_ARGUMENTS', '"id" must be an integer.');
    },
    ask: async (_given, { elicit }) => {
      if (!elicit) return text('cannot ask');
      const colour = { type: 'object', properties: { colour: { type: 'string' } } } as const;
      const first = await elicit({ message: 'Which colour?', requestedSchema: colour });
      const second = await elicit({ message: 'Sure?', requestedSchema: { type: 'object', properties: {} } });
      answers.push(first, second);
      return text(`${first.action === 'accept' ? first.content.colour : first.action}, ${second.action}`);
    },
    regional: async ({ region }) => text(`region ${region}`),
  };

  return {
    contract: 1,
    info: { name: 'fixture', title: 'Fixture', version: '1.2.3', instructions: 'Use echo.' },
    hanging,
    answers,
    seen,
    announce,
    addTool(tool) {
      tools = Object.freeze([...tools, tool]);
      announce('tools');
    },
    listTools: async () => tools,
    callTool: async ({ name, arguments: given }, context) => {
      seen.callers.push(context.caller?.id);
      const run = perform[name] ?? (tools.some((tool) => tool.name === name) ? perform.echo : undefined);
      if (!run) throw new ProviderError('TOOL_NOT_FOUND', `There is no tool "${name}".`);
      return run(given, context);
    },
    listResources: async () => RESOURCES,
    listResourceTemplates: async () => TEMPLATES,
    readResource: async ({ uri }) => {
      if (uri === 'api://test/status')
        return { contents: [{ uri, mimeType: 'application/json', text: '{"up":true}' }] };
      if (uri === 'api://test/logo') return { contents: [{ uri, mimeType: 'image/png', blob: 'iVBORw0KGgo=' }] };
      if (uri.startsWith('api://test/pets/')) return { contents: [{ uri, text: `pet at ${uri}` }] };
      if (uri === 'api://test/broken') throw new ProviderError('READ_FAILED', 'The API answered 500.');
      throw new ProviderError('RESOURCE_NOT_FOUND', `Unknown resource "${uri}".`);
    },
    listPrompts: async () => PROMPTS,
    getPrompt: async ({ name, arguments: given }) => {
      if (name !== 'greet') throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt "${name}".`);
      return { messages: [{ role: 'user', content: { type: 'text', text: `Say hello to ${given.who}.` } }] };
    },
    complete: async ({ argument }) => ({
      values: ['cat', 'camel', 'dog'].filter((value) => value.startsWith(argument.value)),
      ...(argument.value === '' && { total: 300, hasMore: true }),
    }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      seen.closed = true;
    },
  };
}
