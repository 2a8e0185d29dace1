import { byteLength } from '../../text/byte-length.ts';
import { characterCount, cutText } from '../../text/cut-text.ts';
import { KEPT_NUMBER, parseKeepingNumbers, writeKeepingNumbers } from '../read/kept-numbers.ts';

/** What was dropped at one place. */
export interface Cut {
  /** `data.items`, `rows[0].note`, `["a b"]`; empty for the root. */
  readonly path: string;
  readonly unit: 'items' | 'members' | 'characters';
  readonly kept: number;
  readonly total: number;
}

/**
 * Cuts a JSON text to at most `maxBytes` (UTF-8) so that it stays valid JSON: lists keep their first items, long
 * strings their beginning, objects as many members as fit. The largest parts are cut first; numbers keep all their
 * digits. The result is compact. `maxBytes` is at least 64.
 */
export function cutJson(text: string, maxBytes: number): { readonly text: string; readonly cuts: readonly Cut[] } {
  const root = measure(parseKeepingNumbers(text), maxBytes);
  const cuts: Cut[] = [];
  const kept = cutNode(root, maxBytes, '', cuts);
  return { text: writeKeepingNumbers(kept.value), cuts };
}

/**
 * A value with its size as compact JSON, and the minimum size it can be cut to. A part too far back to be kept is only
 * counted (`total`), not measured.
 */
type Node =
  | { readonly kind: 'atom'; readonly size: number; readonly least: number; readonly value: unknown }
  | { readonly kind: 'string'; readonly size: number; readonly least: number; readonly value: string }
  | {
      readonly kind: 'list';
      readonly size: number;
      readonly least: number;
      readonly items: readonly Node[];
      readonly total: number;
      readonly value: unknown;
    }
  | {
      readonly kind: 'object';
      readonly size: number;
      readonly least: number;
      readonly members: readonly Member[];
      readonly total: number;
      readonly value: unknown;
    };
type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

interface Member {
  readonly key: string;
  /** Size of the key with its quotes and colon, and of the preceding comma. */
  readonly overhead: number;
  readonly node: Node;
}

/** Room for `… [cut: 123,456,789 of 123,456,789 characters]` and its quotes. */
const SHORTEST_CUT_STRING = 60;

/** `most`: the size of the complete result. */
function measure(value: unknown, most: number): Node {
  if (typeof value === 'string' && !KEPT_NUMBER.test(value)) {
    const size = value.length > most ? value.length : byteLength(JSON.stringify(value));
    return { kind: 'string', size, least: Math.min(size, SHORTEST_CUT_STRING), value };
  }
  if (Array.isArray(value)) return measureList(value, most);
  if (typeof value === 'object' && value !== null) return measureObject(value, most);
  const size = byteLength(writeKeepingNumbers(value));
  return { kind: 'atom', size, least: size, value };
}

function measureList(value: readonly unknown[], most: number): Node {
  const items: Node[] = [];
  let size = 2;
  for (const item of value) {
    if (size > most) break;
    const node = measure(item, most);
    size += node.size + (items.length ? 1 : 0);
    items.push(node);
  }
  return { kind: 'list', size, least: 2, items, total: value.length, value };
}

function measureObject(value: object, most: number): Node {
  const members: Member[] = [];
  const entries = Object.entries(value);
  let size = 2;
  let least = 2;
  for (const [key, member] of entries) {
    if (least > most) break;
    const overhead = byteLength(JSON.stringify(key)) + 1 + (members.length ? 1 : 0);
    const node = measure(member, most);
    size += overhead + node.size;
    least += overhead + node.least;
    members.push({ key, overhead, node });
  }
  return { kind: 'object', size, least: 2, members, total: entries.length, value };
}

interface Kept {
  readonly value: unknown;
  readonly size: number;
}

/** `budget` is at least `node.least`, except for the root, which may be a larger atom that is kept. */
function cutNode(node: Node, budget: number, path: string, cuts: Cut[]): Kept {
  if (node.size <= budget) return node;
  switch (node.kind) {
    case 'atom':
      return node;
    case 'string':
      return cutString(node.value, budget, path, cuts);
    case 'list':
      return cutList(node, budget, path, cuts);
    case 'object':
      return cutObject(node, budget, path, cuts);
  }
}

function cutString(value: string, budget: number, path: string, cuts: Cut[]): Kept {
  const total = characterCount(value);
  const marker = (kept: number) => `… [cut: ${kept.toLocaleString('en')} of ${total.toLocaleString('en')} characters]`;
  const room = budget - 2 - byteLength(marker(total));
  let head = cutText(value, Math.max(0, room));
  // Quotes, backslashes and control characters take more bytes in JSON than in the text.
  for (let over = escapedSize(head) - room; over > 0; over = escapedSize(head) - room) {
    head = cutText(head, Math.max(0, byteLength(head) - Math.ceil(over / 6)));
    if (!head) break;
  }
  const kept = characterCount(head);
  cuts.push({ path, unit: 'characters', kept, total });
  const cut = head + marker(kept);
  return { value: cut, size: byteLength(JSON.stringify(cut)) };
}

const escapedSize = (text: string): number => byteLength(JSON.stringify(text)) - 2;

function cutList({ items, total }: Of<'list'>, budget: number, path: string, cuts: Cut[]): Kept {
  const kept: unknown[] = [];
  const inner: Cut[] = [];
  let size = 2;
  for (const [index, node] of items.entries()) {
    const room = budget - size - (index ? 1 : 0);
    // If the item that does not fit makes up most of the list (`[{"page":1},[ … ]]`), cut the item; otherwise drop it.
    const worthCutting = room >= budget / 4 && room >= node.least;
    if (node.size > room && !worthCutting) break;
    const item = cutNode(node, room, `${path}[${index}]`, inner);
    kept.push(item.value);
    size += item.size + (index ? 1 : 0);
  }
  if (kept.length < total) cuts.push({ path, unit: 'items', kept: kept.length, total });
  for (const cut of inner) cuts.push(cut);
  return { value: kept, size };
}

function cutObject({ members, total }: Of<'object'>, budget: number, path: string, cuts: Cut[]): Kept {
  const staying = membersThatFit(members, budget);
  const share = fairShare(staying, budget);
  const inner: Cut[] = [];
  let size = 2;
  const entries = staying.map(({ key, overhead, node }): [string, unknown] => {
    const member = cutNode(node, Math.max(node.least, share), memberPath(path, key), inner);
    size += overhead + member.size;
    return [key, member.value];
  });
  if (entries.length < total) cuts.push({ path, unit: 'members', kept: entries.length, total });
  for (const cut of inner) cuts.push(cut);
  return { value: Object.fromEntries(entries), size };
}

/** The first members that fit when each is cut to its minimum. */
function membersThatFit(members: readonly Member[], budget: number): readonly Member[] {
  let size = 2;
  const end = members.findIndex(({ overhead, node }) => {
    size += overhead + node.least;
    return size > budget;
  });
  return end < 0 ? members : members.slice(0, end);
}

/** The largest size per member at which all members fit: small ones stay complete, large ones are cut. */
function fairShare(members: readonly Member[], budget: number): number {
  const room = members.reduce((rest, { overhead }) => rest - overhead, budget - 2);
  const taken = (share: number) =>
    members.reduce((sum, { node }) => sum + Math.min(node.size, Math.max(node.least, share)), 0);
  let low = 0;
  let high = Math.max(0, room);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (taken(middle) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `user.name`, and `user["first.name"]` for names that are more than a word. */
export function memberPath(path: string, key: string): string {
  if (!PLAIN_NAME.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;
