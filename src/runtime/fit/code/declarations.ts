import type { AnswerFields } from '../../answer-meta.ts';
import type { Tool } from '../../provider.ts';
import { firstSentence } from '../first-sentence.ts';
import { argumentsForm } from '../signature-form.ts';

/** Longer ones are left to `names` of `search_docs`. */
const LONGEST_ARGUMENTS = 500;
const LONGEST_RESULT = 200;
const LONGEST_TEXT = 100;
const MOST_NAMES = 15;

/** `api.getPet`, or `api["get-pet"]` where the name is not an identifier. */
export const memberOf = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `api.${name}` : `api[${JSON.stringify(name)}]`;

/** `api.getPet({petId:int}) → {id,name,owner:{name}}` */
export function declarationOf(tool: Tool, fields: AnswerFields | undefined): { call: string; text: string } {
  const form = argumentsForm(tool);
  const cut = form.length > LONGEST_ARGUMENTS ? `${form.slice(0, form.lastIndexOf(',', LONGEST_ARGUMENTS))},…` : form;
  const result = fields === undefined ? '' : ` → ${resultForm(fields)}`;
  const text = firstSentence(tool.description ?? tool.title ?? '', LONGEST_TEXT).replace(/\.$/, '');
  return { call: `${memberOf(tool.name)}(${cut === '' ? '' : `{${cut}}`})${result}`, text };
}

/** As deep as it stays short. */
function resultForm(fields: AnswerFields): string {
  const deep = fieldsForm(fields, 2);
  return deep.length <= LONGEST_RESULT ? deep : fieldsForm(fields, 1);
}

function fieldsForm({ names, isList }: AnswerFields, levels: number): string {
  const all = Object.entries(names);
  const shown = all.slice(0, MOST_NAMES).map(([name, inner]) => {
    if (inner === true) return name;
    return levels > 1 ? `${name}:${fieldsForm(inner, levels - 1)}` : `${name}:${inner.isList ? '[…]' : '{…}'}`;
  });
  if (all.length > shown.length) shown.push('…');
  return `{${shown.join(',')}}${isList ? '[]' : ''}`;
}
