import type { Provider } from '../runtime/provider.ts';
import { checkedFilter } from '../runtime/transforms/filter.ts';
import {
  describe,
  fixArguments,
  hideArguments,
  promptsAsTools,
  readOnly,
  rename,
  resourcesAsTools,
} from '../runtime/transforms/index.ts';
import { choice, json, list, map, object, onOff, type Spec, text } from './spec.ts';

interface Kind<Options> {
  readonly spec: Spec<Options>;
  readonly make: (provider: Provider, options: Options) => Provider | Promise<Provider>;
}
const kind = <Options>(spec: Spec<Options>, make: Kind<Options>['make']): Kind<Options> => ({ spec, make });

const annotations = object('hints of a tool', {
  readOnlyHint: onOff('it changes nothing'),
  destructiveHint: onOff('it may destroy something'),
  idempotentHint: onOff('done twice it is as if done once'),
  openWorldHint: onOff('it reaches what is outside'),
});
/** What a part must be like. */
export const FILTER_RULE = object('matches what has all that is said here', {
  kind: choice('what it is', ['tool', 'resource', 'template', 'prompt']),
  name: text('glob over the name, and for resources over the URI: * is any text, ? one character'),
  tag: text('one of its tags'),
  annotations,
});
const words = { title: text('another title'), description: text('another description') };
const tool = (name: string, preset: string) => text(`name of the tool that ${name}; default: ${preset}`);

/** The transforms that a config file can name, each with its options. */
export const TRANSFORMS = {
  filter: kind(
    object('some of what is offered', {
      include: list('only what one of these matches', FILTER_RULE),
      exclude: list('never what one of these matches', FILTER_RULE),
    }),
    checkedFilter,
  ),
  readOnly: kind(object('only the tools that change nothing', {}), (provider) => readOnly(provider)),
  rename: kind(
    object('other names', {
      tools: map('own name → name that clients see', text('a name')),
      prompts: map('own name → name that clients see', text('a name')),
    }),
    rename,
  ),
  describe: kind(
    object('other titles, descriptions and hints', {
      tools: map(
        'by name',
        object('words for a tool', {
          ...words,
          annotations,
          arguments: map('argument → description', text('a description')),
        }),
      ),
      resources: map('by URI or URI template', object('words for a resource', words)),
      prompts: map('by name', object('words for a prompt', words)),
    }),
    describe,
  ),
  hideArguments: kind(
    map(
      'tool → arguments that clients cannot give; the tools are looked at when the server starts',
      list('arguments', text('a name')),
    ),
    hideArguments,
  ),
  fixArguments: kind(
    map('tool → argument → its value, given in every call', map('argument → value', json('any value'))),
    fixArguments,
  ),
  resourcesAsTools: kind(
    object('two more tools, for clients that know tools only', {
      list: tool('lists resources', 'list_resources'),
      read: tool('reads one', 'read_resource'),
    }),
    resourcesAsTools,
  ),
  promptsAsTools: kind(
    object('two more tools, for clients that know tools only', {
      list: tool('lists prompts', 'list_prompts'),
      get: tool('gives one', 'get_prompt'),
    }),
    promptsAsTools,
  ),
};
