// Transforms change how a provider appears to clients. In: a provider. Out: another one based on it. Promise: a list
// changes only when the provider announces it, and is the same array until then.
export { type FixedArguments, fixArguments, type HiddenArguments, hideArguments } from './arguments.ts';
export { type DescribeOptions, type Description, describe, type ToolDescription } from './describe.ts';
export { type FilterOptions, type FilterRule, filter, readOnly } from './filter.ts';
export type { AnyTools, KnownTools } from './known-tools.ts';
export { offerDryRun } from './offer-dry-run.ts';
export { type PromptsAsToolsOptions, promptsAsTools } from './prompts-as-tools.ts';
export { type RenameOptions, rename } from './rename.ts';
export { requireScopes } from './require-scopes.ts';
export { type ResourcesAsToolsOptions, resourcesAsTools } from './resources-as-tools.ts';
export type { ScopeRules } from './scope-rules.ts';
