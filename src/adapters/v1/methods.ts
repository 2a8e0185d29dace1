import type { ListChange, Prompt, Resource, ResourceTemplate, Tool } from '../../runtime/provider.ts';
import type { Request } from './internals.ts';

/** What a list is a list of. */
export interface Items {
  'tools/list': Tool;
  'resources/list': Resource;
  'resources/templates/list': ResourceTemplate;
  'prompts/list': Prompt;
}
export type ListMethod = keyof Items;
export type CallMethod = 'tools/call' | 'resources/read' | 'prompts/get' | 'completion/complete';
export type Params = NonNullable<Request['params']>;

export interface ListKind {
  /** The key of the list in the result. */
  readonly member: string;
  /** The unique key of an item. */
  readonly key: 'name' | 'uri' | 'uriTemplate';
  /** The item, in words. */
  readonly noun: string;
}

export const LISTS: Readonly<Record<ListMethod, ListKind>> = {
  'tools/list': { member: 'tools', key: 'name', noun: 'tool' },
  'resources/list': { member: 'resources', key: 'uri', noun: 'resource' },
  'resources/templates/list': { member: 'resourceTemplates', key: 'uriTemplate', noun: 'resource template' },
  'prompts/list': { member: 'prompts', key: 'name', noun: 'prompt' },
};

interface CapabilityMethods {
  readonly lists: readonly ListMethod[];
  readonly calls: readonly CallMethod[];
}

/** The methods of each capability. */
export const METHODS: Readonly<Record<ListChange | 'completions', CapabilityMethods>> = {
  tools: { lists: ['tools/list'], calls: ['tools/call'] },
  resources: { lists: ['resources/list', 'resources/templates/list'], calls: ['resources/read'] },
  prompts: { lists: ['prompts/list'], calls: ['prompts/get'] },
  completions: { lists: [], calls: ['completion/complete'] },
};
