import type { Member, Type } from '../type-of.ts';
import { commentLines } from './comment.ts';
import { brokenGroup, group, HARD, ifBroken, indent, joined, type Layout, LINE, SOFT } from './layout.ts';
import { stringLiteral, typeKey } from './literal.ts';

/** The name of a shared schema at the place where the type is written. */
export type SharedTypeName = (name: string) => string;

/** A type, laid out like the formatter does. */
export function typeText(type: Type, shared: SharedTypeName): Layout {
  switch (type.kind) {
    case 'word':
      return type.text;
    case 'literal':
      return typeof type.value === 'string' ? stringLiteral(type.value) : String(type.value);
    case 'shared':
      return shared(type.name);
    case 'object':
      return objectText(type, shared);
    case 'array':
      return [inBrackets(type.items, shared), '[]'];
    case 'tuple':
      return tupleText(type, shared);
    case 'union':
      return unionText(type.of, shared);
    case 'intersection':
      return intersectionText(type.of, shared);
  }
}

/** `name?: Type;` with its comment. */
export function memberText({ name, type, optional, description, deprecated }: Member, shared: SharedTypeName): Layout {
  const comment = docComment(memberComment({ description, deprecated }));
  return [...comment, typeKey(name), optional ? '?' : '', annotation(type, shared), ';'];
}

/** The part after a name: `: Type`, on separate lines if it is a long union. */
export function annotation(type: Type, shared: SharedTypeName): Layout {
  return isTallUnion(type) ? [':', unionText(type.of, shared, ' ')] : [': ', typeText(type, shared)];
}

/** The part after `export type X`. */
export function aliasText(type: Type, shared: SharedTypeName): Layout {
  if (isTallUnion(type)) return [' =', unionText(type.of, shared, ' ')];
  if (type.kind === 'shared') return [' =', group(indent(LINE, typeText(type, shared)))];
  return [' = ', typeText(type, shared)];
}

export function memberComment({
  description = '',
  deprecated,
}: {
  readonly description?: string | undefined;
  readonly deprecated: boolean;
}): string[] {
  return [...commentLines(description), ...(deprecated ? ['@deprecated'] : [])];
}

/** The lines of a doc comment with a final line break; empty without lines. */
export function docComment(lines: readonly string[]): Layout[] {
  const [only, ...others] = lines;
  if (only === undefined) return [];
  if (others.length === 0) return [`/** ${only} */`, HARD];
  const body = lines.map((line) => (line === '' ? ' *' : ` * ${line}`));
  return [joined(['/**', ...body, ' */'], HARD), HARD];
}

function objectText({ members, rest }: Extract<Type, { kind: 'object' }>, shared: SharedTypeName): Layout {
  if (members.length === 0) {
    const value = annotation(rest ?? { kind: 'word', text: 'never' }, shared);
    return group('{', indent(LINE, '[key: string]', value, ifBroken(';')), LINE, '}');
  }
  const lines = members.map((member) => memberText(member, shared));
  const all = rest ? [...lines, ['[key: string]: ', typeText(rest, shared), ';']] : lines;
  return brokenGroup('{', indent(HARD, joined(all, HARD)), HARD, '}');
}

function tupleText({ items, required, rest }: Extract<Type, { kind: 'tuple' }>, shared: SharedTypeName): Layout {
  const fixed = items.map((item, index) =>
    index < required ? typeText(item, shared) : [inBrackets(item, shared), '?'],
  );
  const all = rest ? [...fixed, ['...', inBrackets(rest, shared), '[]']] : fixed;
  return group('[', indent(SOFT, joined(all, [',', LINE])), ifBroken(','), SOFT, ']');
}

function inBrackets(type: Type, shared: SharedTypeName): Layout {
  if (type.kind === 'union') {
    return isHugged(type.of)
      ? ['(', unionText(type.of, shared), ')']
      : group('(', indent(SOFT, unionLines(type.of, shared)), SOFT, ')');
  }
  return type.kind === 'intersection' ? ['(', typeText(type, shared), ')'] : typeText(type, shared);
}

const isTallUnion = (type: Type): type is Extract<Type, { kind: 'union' | 'intersection' }> =>
  type.kind === 'union' && !isHugged(type.of);

/** An object and nulls: written like the object. */
function isHugged(types: readonly Type[]): boolean {
  const objects = types.filter(({ kind }) => kind === 'object');
  return objects.length === 1 && types.filter(isNull).length === types.length - 1;
}

const isNull = (type: Type): boolean =>
  (type.kind === 'word' && type.text === 'null') || (type.kind === 'literal' && type.value === null);

/** @param start the text before the first alternative if all are on one line */
function unionText(types: readonly Type[], shared: SharedTypeName, start = ''): Layout {
  if (isHugged(types))
    return joined(
      types.map((type) => alternative(type, shared)),
      ' | ',
    );
  return group(indent(start === '' ? SOFT : LINE, unionLines(types, shared)));
}

function unionLines(types: readonly Type[], shared: SharedTypeName): Layout {
  return [
    ifBroken('| '),
    joined(
      types.map((type) => indent(alternative(type, shared))),
      [LINE, '| '],
    ),
  ];
}

/** `&` binds more tightly than `|`; the formatter adds parentheses only if the union is broken. */
function alternative(type: Type, shared: SharedTypeName): Layout {
  const text = typeText(type, shared);
  return type.kind === 'intersection' ? ['(', text, ')'] : text;
}

/** Objects follow the `&` on the same line; everything else is indented below if the intersection is broken. */
function intersectionText(types: readonly Type[], shared: SharedTypeName): Layout {
  let indented = false;
  const parts = types.map((type, index): Layout => {
    const text = type.kind === 'union' ? inBrackets(type, shared) : typeText(type, shared);
    const before = types[index - 1];
    if (before === undefined) return text;
    const objects = [before, type].filter(({ kind }) => kind === 'object').length;
    if (objects === 0) return indent(' &', LINE, text);
    if (objects === 1 && index > 1) indented = true;
    const deeper = objects === 1 ? index > 1 : indented;
    return [' & ', deeper ? indent(text) : text];
  });
  return group(...parts);
}
