import type { JsonSchemaObject } from '../../model/index.ts';
import { tagsOf } from '../origin-meta.ts';
import type { Tool } from '../provider.ts';
import { compactSchema } from './compact-schema.ts';
import { firstSentence } from './first-sentence.ts';
import { addedText } from './repeats.ts';
import { nameShared } from './type-names.ts';
import { createTypeTexts } from './type-text.ts';

/** Tools as TypeScript-like signatures. */
export interface Signatures {
  /** Types that several signatures use: `Pet={name,id?:int}`. */
  readonly types: readonly string[];
  /** One per tool: `getPet(petId:int)`, with a comment if the name does not say everything. */
  readonly lines: readonly string[];
}

/**
 * The signatures of a list of tools, in its order. All arguments are included, with type, enum and short default;
 * types that are used repeatedly are written once.
 */
export function signatureOf(tools: readonly Tool[]): Signatures {
  const texts = createTypeTexts({ depth: Number.POSITIVE_INFINITY, enumValues: Number.POSITIVE_INFINITY });
  const { types, shown } = nameShared(
    texts.known,
    tools.map((tool) => texts.argumentsOf(compacted(tool), tool.name)),
  );
  const tags = [...new Set(tools.flatMap(tagsOf))];
  return {
    types,
    lines: tools.map((tool, index) => `${toolName(tool.name)}(${shown[index] ?? ''})${comment(tool, tags)}`),
  };
}

/**
 * The arguments of one tool: `petId:int,status?:available|sold`. Required ones first; objects that are nested more
 * than twice are written as `object`, and so are outer ones if the text would be long. Empty if there are none.
 */
export function argumentsForm(tool: Tool): string {
  return formOf(tool, 2, LONG_FORM) ?? formOf(tool, 1, LONG_FORM) ?? formOf(tool, 0, LONGEST_FORM) ?? '…';
}
const LONG_FORM = 1_000;
const LONGEST_FORM = 100_000;

function formOf(tool: Tool, depth: number, longest: number): string | undefined {
  const texts = createTypeTexts({ depth, enumValues: ENUM_VALUES });
  return texts.inlined(texts.argumentsOf(compacted(tool), tool.name).join(','), longest);
}
const ENUM_VALUES = 20;

/** Signatures have no texts of arguments. */
const schemaOf = compactSchema({ argumentText: 1, keepClosed: false, keepTypes: false });
const compacted = ({ inputSchema, name }: Tool): JsonSchemaObject => schemaOf(inputSchema, name);

const toolName = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name}'`);

/** What the first sentence of a tool adds to its name, its arguments and the tags of the list. */
function comment({ name, description = '', inputSchema }: Tool, tags: readonly string[]): string {
  const text = firstSentence(description, LONGEST_COMMENT);
  const added = addedText(text, [name, ...tags, ...Object.keys(inputSchema.properties ?? {})]);
  return added === '' ? '' : ` // ${added}`;
}
const LONGEST_COMMENT = 100;
