import { declareOptions } from '../options/declare-options.ts';
import { onOff, recordOf, shape, texts } from '../options/option-kinds.ts';

/** Pattern → the scopes that are all needed. `*` in a pattern is any text, `?` one character. */
type ByPattern = Readonly<Record<string, readonly string[]>>;

/** Scopes that callers need. What several rules match needs the scopes of all of them. */
export interface ScopeRules {
  /** By tool name. The resource of the same operation needs them as well. */
  readonly tools?: ByPattern;
  /** By tag of a tool, or of the operation of a resource. */
  readonly tags?: ByPattern;
  /** By URI, URI template or name of a resource. */
  readonly resources?: ByPattern;
  /** By name. */
  readonly prompts?: ByPattern;
  /**
   * Operations need the scopes of their own security requirements: of one alternative, if there are several. Default
   * false: a document's scopes are usually those of the API's own authorization server.
   */
  readonly fromDocument?: boolean;
  /** A scope → scopes that callers with it have as well: `{ admin: ['read', 'write'] }`. */
  readonly implies?: Readonly<Record<string, readonly string[]>>;
}

export const SCOPE_RULE_KINDS = {
  tools: recordOf('scopes by tool', texts),
  tags: recordOf('scopes by tag', texts),
  resources: recordOf('scopes by resource', texts),
  prompts: recordOf('scopes by prompt', texts),
  fromDocument: onOff,
  implies: recordOf('implied scopes by scope', texts),
};

export const SCOPE_RULES = shape<ScopeRules>(SCOPE_RULE_KINDS, {
  hints: { tool: 'Write "tools".', tag: 'Write "tags".' },
});

export const checkedScopeRules = declareOptions<ScopeRules>('requireScopes()', SCOPE_RULE_KINDS, {
  hints: { tool: 'Write "tools".', tag: 'Write "tags".', scopes: 'Write "tools", "tags", "resources" or "prompts".' },
  example: "requireScopes(api, { tools: { 'delete*': ['pets:write'] } })",
});

/** Every scope that a rule names. */
export function scopesIn({ tools = {}, tags = {}, resources = {}, prompts = {} }: ScopeRules): readonly string[] {
  return [...new Set([tools, tags, resources, prompts].flatMap((rules) => Object.values(rules).flat()))];
}

/** The scopes that a caller has, with what they imply. */
export function grantedScopes(scopes: readonly string[], implies: ScopeRules['implies'] = {}): ReadonlySet<string> {
  const granted = new Set<string>();
  const add = (scope: string) => {
    if (granted.has(scope)) return;
    granted.add(scope);
    if (Object.hasOwn(implies, scope)) implies[scope]?.forEach(add);
  };
  scopes.forEach(add);
  return granted;
}
