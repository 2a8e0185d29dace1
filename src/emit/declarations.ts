import { HARD, indent, joined, type Layout, render } from './text/layout.ts';
import { aliasText, docComment, memberText, type SharedTypeName } from './text/type-text.ts';
import type { Type } from './type-of.ts';

/** The formatter's line width. */
const WIDTH = 120;

export const laidOut = (layout: Layout): string => render(layout, { width: WIDTH, column: 0 });

/** `export interface X {…}` for a plain object, `export type X = …` for anything else. */
export function typeDeclaration({
  name,
  type,
  comment,
  shared,
}: {
  readonly name: string;
  readonly type: Type;
  readonly comment: readonly string[];
  readonly shared: SharedTypeName;
}): string {
  const head = docComment(comment);
  if (type.kind !== 'object' || type.members.length === 0)
    return laidOut([...head, `export type ${name}`, aliasText(type, shared), ';']);
  const members = type.members.map((member) => memberText(member, shared));
  const rest = type.rest ? [memberOfRest(type.rest, shared)] : [];
  return laidOut([...head, interfaceText(name, [...members, ...rest])]);
}

/** An interface with members that are already laid out. */
export function interfaceText(name: string, members: readonly Layout[]): Layout {
  if (members.length === 0) return `export interface ${name} {}`;
  return [`export interface ${name} {`, indent(HARD, joined(members, HARD)), HARD, '}'];
}

/** `{ pointer: …` on separate lines, even if everything fits on one. */
export function brokenObject(properties: readonly Layout[]): Layout {
  return ['{', indent(HARD, joined(properties, [',', HARD]), ','), HARD, '}'];
}

function memberOfRest(rest: Type, shared: SharedTypeName): Layout {
  return ['[key: string]: ', rest.kind === 'word' ? rest.text : aliasText(rest, shared), ';'];
}

/** Whether a type mentions a word or a shared type anywhere. */
export function mentions(type: Type, kind: Type['kind'], text?: string): boolean {
  if (type.kind === kind && (text === undefined || (type.kind === 'word' && type.text === text))) return true;
  switch (type.kind) {
    case 'object':
      return (
        type.members.some((member) => mentions(member.type, kind, text)) ||
        (type.rest !== undefined && mentions(type.rest, kind, text))
      );
    case 'array':
      return mentions(type.items, kind, text);
    case 'tuple':
      return (
        type.items.some((item) => mentions(item, kind, text)) ||
        (type.rest !== undefined && mentions(type.rest, kind, text))
      );
    case 'union':
    case 'intersection':
      return type.of.some((member) => mentions(member, kind, text));
    default:
      return false;
  }
}
