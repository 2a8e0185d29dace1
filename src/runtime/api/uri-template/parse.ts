/** The parts of a template in order: literal text and expressions. */
export interface ParsedTemplate {
  readonly template: string;
  readonly parts: readonly (string | Expression)[];
}

export interface Expression {
  /** Empty for simple string expansion. */
  readonly operator: Operator;
  readonly variables: readonly Variable[];
}

export interface Variable {
  readonly name: string;
  /** `{list*}` */
  readonly explode: boolean;
  /** `{name:3}`: maximum number of characters. */
  readonly prefix?: number;
}

export type Operator = '' | '+' | '#' | '.' | '/' | ';' | '?' | '&';

/** How an operator writes its values (RFC 6570 appendix A). */
export interface OperatorRule {
  readonly first: string;
  readonly separator: string;
  /** Values are written `name=value`. */
  readonly named: boolean;
  /** Written after the name of an empty value. */
  readonly ifEmpty: string;
  /** Reserved characters are not encoded. */
  readonly reserved: boolean;
}

export const OPERATORS: Readonly<Record<Operator, OperatorRule>> = {
  '': { first: '', separator: ',', named: false, ifEmpty: '', reserved: false },
  '+': { first: '', separator: ',', named: false, ifEmpty: '', reserved: true },
  '#': { first: '#', separator: ',', named: false, ifEmpty: '', reserved: true },
  '.': { first: '.', separator: '.', named: false, ifEmpty: '', reserved: false },
  '/': { first: '/', separator: '/', named: false, ifEmpty: '', reserved: false },
  ';': { first: ';', separator: ';', named: true, ifEmpty: '', reserved: false },
  '?': { first: '?', separator: '&', named: true, ifEmpty: '=', reserved: false },
  '&': { first: '&', separator: '&', named: true, ifEmpty: '=', reserved: false },
};

/** RFC 6570 §2.3. Letters outside ASCII are accepted, because documents use them unencoded. */
const VARIABLE = /^((?:[\p{L}\p{N}_]|%[0-9A-Fa-f]{2})(?:[\p{L}\p{N}_.-]|%[0-9A-Fa-f]{2})*)(?::([1-9]\d{0,3})|(\*))?$/u;

/** @throws Error if the template is malformed (RFC 6570 §2) */
export function parseTemplate(template: string): ParsedTemplate {
  const parts: (string | Expression)[] = [];
  let rest = template;
  while (rest !== '') {
    const open = rest.indexOf('{');
    const literal = open < 0 ? rest : rest.slice(0, open);
    if (literal.includes('}')) throw malformed(template, 'a "}" without its "{"');
    if (literal !== '') parts.push(literal);
    if (open < 0) break;
    const close = rest.indexOf('}', open);
    if (close < 0) throw malformed(template, 'a "{" without its "}"');
    parts.push(parseExpression(rest.slice(open + 1, close), template));
    rest = rest.slice(close + 1);
  }
  return { template, parts };
}

function parseExpression(text: string, template: string): Expression {
  const first = text.charAt(0);
  const operator = first !== '' && first in OPERATORS ? (first as Operator) : '';
  const names = text.slice(operator.length).split(',');
  return { operator, variables: names.map((name) => parseVariable(name, template)) };
}

function parseVariable(text: string, template: string): Variable {
  const [, name, prefix, explode] = VARIABLE.exec(text) ?? [];
  if (name === undefined) throw malformed(template, `"${text}", which is not a variable`);
  return { name, explode: explode !== undefined, ...(prefix !== undefined && { prefix: Number(prefix) }) };
}

const malformed = (template: string, what: string) =>
  new Error(`The URI template "${template}" has ${what} (RFC 6570).`);
