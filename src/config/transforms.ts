import { shapeResults } from '../runtime/fit/results/shape-results.ts';
import { PART_KINDS } from '../runtime/part.ts';
import type { Provider } from '../runtime/provider.ts';
import { checkedFilter } from '../runtime/transforms/filter.ts';
import {
  describe,
  fixArguments,
  hideArguments,
  offerDryRun,
  promptsAsTools,
  readOnly,
  rename,
  resourcesAsTools,
} from '../runtime/transforms/index.ts';
import { choice, integer, json, list, map, object, onOff, type Spec, text } from './spec.ts';

interface Kind<Options> {
  readonly spec: Spec<Options>;
  readonly make: (provider: Provider, options: Options) => Provider | Promise<Provider>;
}
const kind = <Options>(spec: Spec<Options>, make: Kind<Options>['make']): Kind<Options> => ({ spec, make });

const annotations = object('annotations of a tool', {
  readOnlyHint: onOff('the tool is read-only'),
  destructiveHint: onOff('the tool is destructive'),
  idempotentHint: onOff('repeating a call has no further effect'),
  openWorldHint: onOff('the tool interacts with external systems'),
});
/** A rule that selects tools, resources, templates or prompts. */
export const FILTER_RULE = object('matches items that meet every condition', {
  kind: choice('kind of item', PART_KINDS),
  name: text('glob over the name, and for resources over the URI: * is any text, ? one character'),
  tag: text('one of its tags'),
  annotations,
});
const words = { title: text('new title'), description: text('new description') };
const tool = (name: string, preset: string) => text(`name of the tool that ${name}; default: ${preset}`);

/** The transforms that a config file can name, each with its options. */
export const TRANSFORMS = {
  filter: kind(
    object('includes or excludes items', {
      include: list('only items that match one of these', FILTER_RULE),
      exclude: list('no items that match one of these', FILTER_RULE),
    }),
    checkedFilter,
  ),
  readOnly: kind(object('only read-only tools', {}), readOnly),
  rename: kind(
    object('renames tools and prompts', {
      tools: map('original name → name that clients see', text('a name')),
      prompts: map('original name → name that clients see', text('a name')),
    }),
    rename,
  ),
  describe: kind(
    object('replaces titles, descriptions and annotations', {
      tools: map(
        'by name',
        object('texts for a tool', {
          ...words,
          annotations,
          arguments: map('argument → description', text('a description')),
        }),
      ),
      resources: map('by URI or URI template', object('texts for a resource', words)),
      prompts: map('by name', object('texts for a prompt', words)),
    }),
    describe,
  ),
  hideArguments: kind(
    map('tool → arguments to hide from clients; checked when the server starts', list('arguments', text('a name'))),
    hideArguments,
  ),
  fixArguments: kind(
    map('tool → argument → fixed value for every call', map('argument → value', json('any value'))),
    fixArguments,
  ),
  offerDryRun: kind(
    object('tools that may change something also take dry_run: it shows the HTTP request instead of sending it', {}),
    offerDryRun,
  ),
  shapeResults: kind(
    object('lets models choose what results contain: every tool also takes fields and query (JMESPath)', {
      fields: map(
        'tool → fields that its results have unless a call asks for others',
        list('fields', text('a field such as user.login')),
      ),
    }),
    shapeResults,
  ),
  pageResults: kind(
    object('operations with pages also take cursor, for the next page, and max_items, to collect pages', {
      key: text('secret that signs cursors, for processes that share them; default: random'),
      ttlMs: integer('milliseconds that a cursor is valid; default: 3600000', 1, 31_536_000_000),
      maxItems: integer('the most items that a call may collect; default: 10000', 1, 10_000),
      maxPages: integer('the most pages that a call may request; default: 100', 1, 100),
    }),
    async (provider, options) => (await import('../runtime/fit/paging/page-results.ts')).pageResults(provider, options),
  ),
  resourcesAsTools: kind(
    object('adds two tools, for clients that support only tools', {
      list: tool('lists resources', 'list_resources'),
      read: tool('reads a resource', 'read_resource'),
    }),
    resourcesAsTools,
  ),
  compact: kind(
    object('lists the same tools in fewer tokens', {
      toolText: integer('longest description of a tool, in characters; default: 120', 20, 100_000),
      argumentText: integer('longest description of an argument, in characters; default: 80', 20, 100_000),
      keepClosed: onOff("keep additionalProperties: false, which OpenAI's strict mode requires"),
      keepTypes: onOff('keep the type of string enums, which Gemini requires'),
      hoist: onOff('move repeated subschemas to $defs; default: on'),
      longestSchema: integer(
        'longest input schema, in bytes: optional objects are shortened; default: no limit',
        100,
        10_000_000,
      ),
    }),
    async (provider, options) => (await import('../runtime/fit/compact.ts')).compact(provider, options),
  ),
  signature: kind(
    object('lists one tool that calls all others, with their signatures', {
      name: tool('calls the others', 'call_tool'),
    }),
    async (provider, options) => (await import('../runtime/fit/signature.ts')).signature(provider, options),
  ),
  searchTools: kind(
    object('lists three tools that find, describe and call the others', {
      pinned: list('tools that are listed too', text('a name')),
    }),
    async (provider, options) => (await import('../runtime/fit/search/search-tools.ts')).searchTools(provider, options),
  ),
  codeMode: kind(
    object('lists two tools that find the others and run JavaScript that calls them', {
      timeoutMs: integer('milliseconds of a run, without questions to a person; default: 10000', 100, 600_000),
      maxCalls: integer('calls of one run; default: 50', 1, 1_000),
      maxConcurrent: integer('calls at the same time; default: 8', 1, 100),
      maxOutputBytes: integer('bytes that a run returns at most; default: 50000', 1_000, 1_000_000),
    }),
    async (provider, options) => {
      const [{ codeMode }, { quickJsSandbox }] = await Promise.all([
        import('../runtime/fit/code/code-mode.ts'),
        import('../runtime/node/quickjs-sandbox.ts'),
      ]);
      return codeMode(provider, { ...options, sandbox: await quickJsSandbox() });
    },
  ),
  promptsAsTools: kind(
    object('adds two tools, for clients that support only tools', {
      list: tool('lists prompts', 'list_prompts'),
      get: tool('returns a prompt', 'get_prompt'),
    }),
    promptsAsTools,
  ),
};
