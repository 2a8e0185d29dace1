import { type AnswerFields, answerFieldsOf } from '../../answer-meta.ts';
import { parseKeepingNumbers, writeKeepingNumbers } from '../../api/read/kept-numbers.ts';
import { isTooDeep } from '../../api/shape/nesting.ts';
import { keep } from '../../api/shape/project.ts';
import { checkProvider } from '../../compose/check-provider.ts';
import { derived } from '../../derived.ts';
import { messageOf, misfit } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { note, noteText } from '../../note.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { anything } from '../../options/option-kinds.ts';
import type { Provider, ProviderInfo, Tool, ToolCall, ToolResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { toolsByName } from '../../tools-by-name.ts';
import { absentFields, type Field, meant, readFields } from './fields.ts';
import { parseForQuery, type Query, readQuery } from './jmes-query.ts';

export interface ShapeResultsOptions {
  /** By tool: the fields that its results have unless a call asks for others. Default: all. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

const checked = declareOptions<ShapeResultsOptions>(
  'shapeResults()',
  { fields: anything },
  {
    hints: { columns: 'Write "fields".' },
    example: "shapeResults(api, { fields: { listPets: ['id', 'name'] } })",
  },
);

/** Clients such as Claude Code cut instructions at 2 KB. */
const LONGEST_INSTRUCTIONS = 2_000;

/**
 * Lets a model choose what results contain: every tool also takes `fields` (`["id", "user.login"]`) and `query` (JMESPath).
 * Names are checked against the schema of the response before the call is made. Results are shaped, so no output schemas
 * are listed. If a tool has an argument of that name, ours is `result_fields` or `result_query`.
 *
 * ```ts
 * const server = shapeResults(await fromOpenApi('api.yaml', { answerSchemas: 'all' }));
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function shapeResults(provider: Provider, options: ShapeResultsOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of shapeResults()');
  const { fields = {} } = checked(options);
  if (!isRecord(fields)) throw new OptionError('shapeResults(): "fields" must be an object: tool → list of fields.');
  const defaults = new Map(Object.entries(fields).map(([name, list]) => [name, defaultFields(name, list)]));
  const shown = remembered((list: readonly Tool[]) => Object.freeze(list.map(withShaping)));
  const shaping = derived(provider, {
    listTools: async (context) => shown(await provider.listTools(context)),
    async callTool(call, context) {
      const tool = toolsByName(await provider.listTools({ ...context, answers: true })).get(call.name);
      if (!tool) return provider.callTool(call, context);
      const { wanted, call: passed } = split(tool, call);
      const shaping = await readShaping(wanted, answerFieldsOf(tool));
      if ('problem' in shaping) return misfit(shaping.problem);
      const result = await provider.callTool(passed, context);
      const settled = { ...shaping, fields: shaping.fields ?? (shaping.query ? undefined : defaults.get(call.name)) };
      return result.isError || context.preview ? result : shaped(result, settled);
    },
  });
  return {
    ...shaping,
    get info() {
      return withGuidance(provider.info);
    },
  };
}

/** @throws OptionError */
function defaultFields(name: string, list: unknown): readonly Field[] {
  const read = readFields(list);
  if ('problem' in read)
    throw new OptionError(`shapeResults(): the fields of "${name}" cannot be used: ${read.problem}`);
  return read.fields;
}

interface ArgumentNames {
  readonly fields: string;
  readonly query: string;
}

/** Our arguments step aside for those of the tool. */
function namesFor({ inputSchema }: Tool): ArgumentNames {
  const taken = (name: string) => Object.hasOwn(inputSchema.properties ?? {}, name);
  return {
    fields: taken('fields') ? 'result_fields' : 'fields',
    query: taken('query') ? 'result_query' : 'query',
  };
}

/** Explained once, in the instructions. */
function withShaping(tool: Tool): Tool {
  const { outputSchema: _, ...rest } = tool;
  const names = namesFor(tool);
  const properties = {
    ...tool.inputSchema.properties,
    [names.fields]: { type: 'array', items: { type: 'string' } },
    [names.query]: { type: 'string' },
  } as NonNullable<Tool['inputSchema']['properties']>;
  return { ...rest, inputSchema: { ...tool.inputSchema, properties } };
}

const GUIDANCE =
  'To get less: every tool takes `fields` (["id", "user.login"]) or `query` (JMESPath), for the JSON of its result.';

function withGuidance(info: ProviderInfo): ProviderInfo {
  const { instructions } = info;
  const text = instructions === undefined ? GUIDANCE : `${instructions}\n${GUIDANCE}`;
  return text.length > LONGEST_INSTRUCTIONS ? info : { ...info, instructions: text };
}

interface Wanted {
  readonly fields: unknown;
  readonly query: unknown;
}

function split(tool: Tool, call: ToolCall): { readonly wanted: Wanted; readonly call: ToolCall } {
  const names = namesFor(tool);
  const { [names.fields]: fields, [names.query]: query, ...rest } = call.arguments;
  return { wanted: { fields, query }, call: { ...call, arguments: rest } };
}

interface Shaping {
  readonly fields: readonly Field[] | undefined;
  readonly query: Query | undefined;
}

/** Everything that can be wrong is found before the API is called. */
async function readShaping(
  { fields, query }: Wanted,
  answer: AnswerFields | undefined,
): Promise<Shaping | { readonly problem: string }> {
  const read = fields === undefined ? undefined : readFields(fields);
  if (read && 'problem' in read) return read;
  // After a query, fields select from its result, of which nothing is known yet.
  const known = query === undefined ? answer : undefined;
  const unknown = known && read?.fields.map((field) => unknownField(field, known)).find((found) => found !== undefined);
  if (unknown !== undefined) return { problem: `${unknown} Nothing was sent.` };
  const made = query === undefined ? undefined : await readQuery(query);
  if (made && 'problem' in made) return { problem: `${made.problem} Nothing was sent.` };
  return { fields: read?.fields, query: made };
}

function unknownField(field: Field, answer: AnswerFields): string | undefined {
  let known: AnswerFields | true = answer;
  for (const name of field) {
    if (known === true) return undefined;
    const next: AnswerFields | true | undefined = Object.hasOwn(known.names, name) ? known.names[name] : undefined;
    if (next === undefined) {
      if (known.isOpen) return undefined;
      return `"${field.join('.')}" is not in the response. ${meant(name, Object.keys(known.names))}`;
    }
    known = next;
  }
  return undefined;
}

/** The result with what is wanted of its JSON. Other results are returned as they are, with a note. */
function shaped(result: ToolResult, { fields, query }: Shaping): ToolResult {
  if (!fields && !query) return result;
  const data = result.content.find((block) => block.type === 'text' && noteText(block) === undefined);
  const text = data?.type === 'text' ? data.text : undefined;
  const json = text === undefined ? undefined : parsed(text, query !== undefined);
  if (!data || json === undefined) {
    return withNotes(result, [
      'The result is not JSON, or nested too deeply, so fields and query do not apply: it is complete.',
    ]);
  }
  let { value } = json;
  try {
    if (query) value = query.run(value) ?? null;
  } catch (error) {
    return withNotes(result, [`${messageOf(error)} The call was made; this is its complete result. Do not repeat it.`]);
  }
  const notes = fields ? absentFields(value, fields) : [];
  const selected = fields ? keep(value, fields) : value;
  const content = result.content.map((block) =>
    block === data ? ({ type: 'text', text: writeKeepingNumbers(selected) } as const) : block,
  );
  const { structuredContent: _, ...rest } = result;
  const structured = isRecord(selected) ? { structuredContent: selected } : {};
  return withNotes({ ...rest, content, ...structured }, notes);
}

function parsed(text: string, isQueried: boolean): { readonly value: unknown } | undefined {
  if (!/^\s*[[{"\d-]|^\s*(?:true|false|null)\s*$/.test(text) || isTooDeep(text)) return undefined;
  try {
    return { value: isQueried ? parseForQuery(text) : parseKeepingNumbers(text) };
  } catch {
    return undefined;
  }
}

const withNotes = (result: ToolResult, notes: readonly string[]): ToolResult =>
  notes.length === 0 ? result : { ...result, content: [...result.content, note(notes.join('\n'))] };
