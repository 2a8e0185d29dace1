import { encodeReserved } from './expand.ts';
import { type MatchedValues, templateReader } from './match.ts';
import { type Expression, type ParsedTemplate, parseTemplate } from './parse.ts';

export interface TemplateMatch {
  readonly template: string;
  /** The template's index in the list. */
  readonly index: number;
  readonly values: MatchedValues;
}

/**
 * Finds the template that a URI is an expansion of, in time independent of the number of templates, which are stored by
 * path segment. If several match, the one with the earlier literal wins (`/users/me` before `/users/{id}`), then the
 * first one.
 *
 * @throws Error if a template is malformed
 */
export function createTemplateMatcher(templates: readonly string[]): (uri: string) => TemplateMatch | undefined {
  const root = newNode();
  for (const [index, template] of templates.entries()) {
    const parsed = parseTemplate(template);
    insert(root, segmentsOf(parsed), { template, index, read: templateReader(parsed) });
  }
  return (uri) => {
    const end = uri.search(/[?#]/);
    return find(root, (end < 0 ? uri : uri.slice(0, end)).split('/'), 0, uri);
  };
}

interface Entry {
  readonly template: string;
  readonly index: number;
  readonly read: (uri: string) => MatchedValues | undefined;
}

interface Node {
  readonly literal: Map<string, Node>;
  variable: Node | undefined;
  /** Templates that end here. */
  readonly entries: Entry[];
  /** Templates that may continue with any number of segments. */
  readonly open: Entry[];
}

const newNode = (): Node => ({ literal: new Map(), variable: undefined, entries: [], open: [] });

/** A segment is a literal or has a variable; `open`: from here on, values may contain slashes. */
interface Segments {
  readonly closed: readonly (string | undefined)[];
  readonly open: boolean;
}

function segmentsOf({ parts }: ParsedTemplate): Segments {
  const closed: (string | undefined)[] = [];
  let current: string | undefined = '';
  for (const part of parts) {
    if (typeof part !== 'string') {
      if (mayHoldSlash(part)) return { closed, open: true };
      if (endsPath(part)) break;
      current = undefined;
      continue;
    }
    const literal = encodeReserved(part);
    const end = literal.search(/[?#]/);
    const [first = '', ...rest] = (end < 0 ? literal : literal.slice(0, end)).split('/');
    current = current === undefined ? undefined : current + first;
    for (const segment of rest) {
      closed.push(current);
      current = segment;
    }
    if (end >= 0) break;
  }
  return { closed: [...closed, current], open: false };
}

const mayHoldSlash = ({ operator }: Expression) => operator === '+' || operator === '/';
const endsPath = ({ operator }: Expression) => operator === '?' || operator === '#';

function insert(root: Node, { closed, open }: Segments, entry: Entry): void {
  let node = root;
  for (const segment of closed) {
    const next: Node = (segment === undefined ? node.variable : node.literal.get(segment)) ?? newNode();
    if (segment === undefined) node.variable = next;
    else node.literal.set(segment, next);
    node = next;
  }
  (open ? node.open : node.entries).push(entry);
}

function find(node: Node, segments: readonly string[], depth: number, uri: string): TemplateMatch | undefined {
  const segment = segments[depth];
  if (segment === undefined) return firstMatch(node.entries, uri) ?? firstMatch(node.open, uri);
  const literal = node.literal.get(segment);
  return (
    (literal && find(literal, segments, depth + 1, uri)) ??
    (node.variable && find(node.variable, segments, depth + 1, uri)) ??
    firstMatch(node.open, uri)
  );
}

function firstMatch(entries: readonly Entry[], uri: string): TemplateMatch | undefined {
  for (const { template, index, read } of entries) {
    const values = read(uri);
    if (values) return { template, index, values };
  }
  return undefined;
}
