import type { JSONPathEnvironment } from 'json-p3';
import { type Problem, type ProblemCode, problem } from '../problems.ts';
import { type Location, removeAll, replaceAt } from './overlay/edit.ts';
import { type Clash, type Kind, kindOf, type Merged, merge } from './overlay/merge.ts';
import { boundRegexps } from './overlay/regexp-filters.ts';

/**
 * Applies an OpenAPI Overlay (1.0 or 1.1) to a document as written, before its version is upgraded.
 *
 * Modifies no input: objects that an action changes are copied, the rest is shared with `root`. An action that cannot
 * be applied is a problem at its own place (`overlay.yaml#/actions/2/target`), and the other actions still apply.
 *
 * `extends` only names the document that the overlay was made for; it is applied to the user's document in any case.
 *
 * A `$ref` that an overlay adds is resolved against the document.
 *
 * @param location where the overlay was read, for the pointers of problems
 * @param pointers pointers of objects from other files; copies of such objects are added
 */
export async function applyOverlay(
  root: unknown,
  overlay: unknown,
  location: string,
  pointers = new WeakMap<object, string>(),
): Promise<{ readonly root: unknown; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const say: Say = (code, path, message) => problems.push(problem(code, pointer(location, path), message));

  const version = overlayVersion(overlay);
  if (version === undefined) {
    say('OVERLAY_UNSUPPORTED_VERSION', ['overlay'], 'The file does not declare "overlay: 1.0.x" or "overlay: 1.1.x".');
    return { root, problems };
  }
  const { actions } = overlay as { actions?: unknown }; // an object, because it has a version
  if (!Array.isArray(actions) || actions.length === 0) {
    say('OVERLAY_BAD_ACTION', ['actions'], '"actions" must be a list of at least one action.');
    return { root, problems };
  }

  const select = await selector();
  let result = root;
  for (const [index, action] of actions.entries()) {
    const sayOfAction: Say = (code, path, message) => say(code, ['actions', index, ...path], message);
    result = applyAction({ root: result, action, version, select, say: sayOfAction, pointers });
  }
  return { root: result, problems };
}

type Version = '1.0' | '1.1';
type Say = (code: ProblemCode, path: Location, message: string) => void;
type Select = (root: unknown, query: string) => readonly Selected[] | { readonly error: string };
interface Selected {
  readonly location: Location;
  readonly value: unknown;
}
interface ActionContext {
  readonly root: unknown;
  readonly version: Version;
  readonly select: Select;
  readonly say: Say;
  readonly pointers: WeakMap<object, string>;
}

/** Patch versions are equivalent (Overlay 1.1.0 §4.1 "Versions"); unquoted in YAML, `1.1` is a number. */
function overlayVersion(overlay: unknown): Version | undefined {
  if (typeof overlay !== 'object' || overlay === null) return undefined;
  const { overlay: version } = overlay as { overlay?: unknown };
  if (version === 1) return '1.0';
  const match = /^(1\.[01])(\.\d+)?$/.exec(String(version));
  return match ? (match[1] as Version) : undefined;
}

/** The root after one action; the same root if the action cannot be applied. */
function applyAction({ action, ...context }: ActionContext & { readonly action: unknown }): unknown {
  const { root, say, version } = context;
  const parsed = readAction(action, version);
  if (parsed.kind === 'malformed') {
    say('OVERLAY_BAD_ACTION', parsed.path, parsed.message);
    return root;
  }
  const targets = selectTargets(parsed.target, context);
  if (targets === undefined) return root;
  switch (parsed.kind) {
    case 'remove':
      return remove(targets, context);
    case 'update':
      return update(targets, parsed.value, 'update', context);
    case 'copy': {
      const source = selectSource(parsed.source, context);
      return source ? update(targets, source.value, 'copy', context) : root;
    }
  }
}

type Action =
  | { readonly kind: 'remove'; readonly target: string }
  | { readonly kind: 'update'; readonly target: string; readonly value: unknown }
  | { readonly kind: 'copy'; readonly target: string; readonly source: string }
  | { readonly kind: 'malformed'; readonly path: Location; readonly message: string };

/** Overlay 1.1.0 §4.4.3: `remove: true` takes precedence, and `update` and `copy` exclude each other. */
function readAction(action: unknown, version: Version): Action {
  const malformed = (path: Location, message: string): Action => ({ kind: 'malformed', path, message });
  if (kindOf(action) !== 'object') return malformed([], 'An action must be an object.');
  const { target, remove, update, copy } = action as Record<'target' | 'remove' | 'update' | 'copy', unknown>;
  if (typeof target !== 'string') return malformed(['target'], '"target" must be a JSONPath query.');
  if (remove !== undefined && typeof remove !== 'boolean')
    return malformed(['remove'], '"remove" must be true or false.');
  if (remove) return { kind: 'remove', target };
  if (copy !== undefined) {
    if (version === '1.0') return malformed(['copy'], '"copy" requires Overlay 1.1: write "overlay: 1.1.0".');
    if (update !== undefined) return malformed([], 'The action has both "update" and "copy"; neither was applied.');
    if (typeof copy !== 'string') return malformed(['copy'], '"copy" must be a JSONPath query.');
    return { kind: 'copy', target, source: copy };
  }
  if (update !== undefined) return { kind: 'update', target, value: update };
  return malformed([], 'The action has none of "update", "copy" or "remove: true".');
}

function selectTargets(target: string, { root, version, select, say }: ActionContext): readonly Selected[] | undefined {
  const targets = select(root, target);
  if ('error' in targets) {
    say('OVERLAY_BAD_PATH', ['target'], `${target}: ${targets.error}`);
    return undefined;
  }
  if (targets.length === 0) {
    say('OVERLAY_UNMATCHED', ['target'], `${target} selects nothing.`);
    return undefined;
  }
  const primitive = targets.find(({ value }) => kindOf(value) === 'primitive');
  if (version === '1.0' && primitive) {
    const place = pointer('', primitive.location);
    const message = `${target} selects a primitive value (${place}), which requires Overlay 1.1: write "overlay: 1.1.0".`;
    say('OVERLAY_BAD_ACTION', ['target'], message);
    return undefined;
  }
  return targets;
}

function selectSource(source: string, { root, select, say }: ActionContext): Selected | undefined {
  const sources = select(root, source);
  if ('error' in sources) {
    say('OVERLAY_BAD_PATH', ['copy'], `${source}: ${sources.error}`);
    return undefined;
  }
  if (sources.length === 0) say('OVERLAY_UNMATCHED', ['copy'], `${source} selects nothing to copy.`);
  if (sources.length > 1) {
    say('OVERLAY_BAD_ACTION', ['copy'], `${source} selects ${sources.length} values; only one can be copied.`);
  }
  return sources.length === 1 ? sources[0] : undefined;
}

function remove(targets: readonly Selected[], { root, say, pointers }: ActionContext): unknown {
  if (targets.some(({ location }) => location.length === 0)) {
    say('OVERLAY_BAD_ACTION', ['target'], 'The document itself cannot be removed.');
    return root;
  }
  const locations = targets.map(({ location }) => location);
  return removeAll(root, locations, { made: new WeakSet(), pointers });
}

function update(
  targets: readonly Selected[],
  value: unknown,
  field: 'update' | 'copy',
  context: ActionContext,
): unknown {
  const { root, say, pointers } = context;
  const kinds = new Set(targets.map((target) => kindOf(target.value)));
  if (kinds.size > 1) {
    say(
      'OVERLAY_BAD_ACTION',
      ['target'],
      `The target selects ${[...kinds].join('s and ')}s, but all must have the same type.`,
    );
    return root;
  }
  const clashes: Clash[] = [];
  const copies = { made: new WeakSet<object>(), pointers };
  let result = root;
  for (const { location } of targets) {
    result = replaceAt(result, location, (old) => mergeTarget(old, value, { clashes, pointers }), copies);
  }
  sayClashes(clashes, field, say);
  return result;
}

/** A list as target is joined with a list; any other value is appended as one item. */
function mergeTarget(target: unknown, value: unknown, made: Merged): unknown {
  return Array.isArray(target) && !Array.isArray(value) ? [...target, value] : merge(target, value, made);
}

/** One problem per place in the overlay, however many targets it does not match. */
function sayClashes(clashes: readonly Clash[], field: 'update' | 'copy', say: Say): void {
  const byPlace = new Map<string, { readonly clash: Clash; times: number }>();
  for (const clash of clashes) {
    const place = pointer('', clash.path);
    const seen = byPlace.get(place);
    if (seen) seen.times++;
    else byPlace.set(place, { clash, times: 1 });
  }
  for (const { clash, times } of byPlace.values()) {
    const targets = times > 1 ? ` (in ${times} targets)` : '';
    const message = `${NOUN[clash.update]} cannot be merged into ${NOUN[clash.target].toLowerCase()}, which is not changed${targets}.`;
    // The value of a copy is in the document, not in the action.
    say('OVERLAY_BAD_ACTION', field === 'copy' ? ['copy'] : ['update', ...clash.path], message);
  }
}

const NOUN: Record<Kind, string> = { object: 'An object', list: 'A list', primitive: 'A primitive value' };

/** JSON pointer (RFC 6901) as a fragment of the overlay's own location. */
function pointer(location: string, path: Location): string {
  return `${location}#${path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

/** Deeper than any real document; a limit, because YAML can be circular. */
const MAX_DEPTH = 1000;
/**
 * For one query, in properties of objects. A query that reads a document with 300,000 of them twice stays well below; one with
 * nested filters that each search the complete document could run for hours.
 */
const MAX_VISITS = 5_000_000;

/** JSONPath (RFC 9535). The package is loaded only if there is an overlay. */
async function selector(): Promise<Select> {
  const { FunctionExpressionType, JSONPathEnvironment } = await import('json-p3');
  const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });
  await boundRegexps(environment, FunctionExpressionType);
  // Every selector lists objects with it.
  const entriesOf = environment.entries.bind(environment);
  let left = MAX_VISITS;
  environment.entries = (object) => {
    const entries = entriesOf(object);
    left -= entries.length + 1;
    if (left < 0) throw new Error(`The query visits more than ${MAX_VISITS} values. Make it more specific.`);
    return entries;
  };
  return (root, query) => {
    left = MAX_VISITS;
    try {
      return distinct(environment.query(query, root as QueryRoot).nodes);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Validated by the package during the walk; its type is that of any JSON value. */
type QueryRoot = Parameters<JSONPathEnvironment['query']>[1];

/** A node may be selected more than once (RFC 9535 §2.1.2, `$['a','a']`); an action applies to it once. */
function distinct(nodes: readonly Selected[]): readonly Selected[] {
  return [...new Map(nodes.map((node) => [pointer('', node.location), node])).values()];
}
