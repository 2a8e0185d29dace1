import { createInterface, type Interface } from 'node:readline/promises';
import type { JsonSchema, JsonSchemaObject, JsonValue } from '../../model/index.ts';
import { itemsOf, primitive, typesOf } from '../../runtime/api/arguments/text-arguments.ts';
import type { ElicitAnswer, ElicitRequest } from '../../runtime/provider.ts';

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ctrl+C, which the terminal delivers to the readline interface. */
  readonly onInterrupt?: () => void;
}

/**
 * Asks a server's question at the terminal: its message, then one line per field. An empty line takes the default, or
 * skips an optional field; end of input (Ctrl+D) cancels.
 */
export async function ask(request: ElicitRequest, terminal: Terminal): Promise<ElicitAnswer> {
  const lines = createInterface({ input: terminal.input, output: terminal.output });
  lines.once('SIGINT', () => {
    terminal.onInterrupt?.();
    lines.close();
  });
  const ended = new Promise<never>((_, reject) => lines.once('close', () => reject(new EndOfInput())));
  // Listen only while there is a question.
  ended.catch(() => {});
  const put = (question: string) => Promise.race([lines.question(question), ended]);
  try {
    terminal.output.write(`${plain(request.message)}\n`);
    return await answer(request.requestedSchema, put, (text) => terminal.output.write(`${plain(text)}\n`));
  } catch (error) {
    if (!(error instanceof EndOfInput)) throw error;
    terminal.output.write('\n');
    return { action: 'cancel' };
  } finally {
    lines.close();
  }
}

class EndOfInput extends Error {}

type Put = (question: string) => ReturnType<Interface['question']>;

async function answer(
  { properties = {}, required = [] }: JsonSchemaObject,
  put: Put,
  say: (text: string) => void,
): Promise<ElicitAnswer> {
  const entries = Object.entries(properties);
  if (entries.length === 0) {
    return isYes(await put('Go on? [y/N] ')) ? { action: 'accept', content: {} } : { action: 'decline' };
  }
  const content: Record<string, unknown> = {};
  for (const [name, schema] of entries) {
    const value = await field({ name, schema, isRequired: required.includes(name) }, put, say);
    if (value !== undefined) content[name] = value;
  }
  return { action: 'accept', content };
}

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

async function field({ name, schema, isRequired }: Field, put: Put, say: (text: string) => void): Promise<unknown> {
  const known = typeof schema === 'boolean' ? {} : schema;
  // Multi-select enumerations (MCP 2025-11-25, elicitation).
  const isList = typesOf(schema, {}).has('array');
  const wanted = wantedOf(isList ? itemsOf(schema, {}) : schema);
  const question = questionText(name, known, wanted, isList);
  for (;;) {
    const text = (await put(question)).trim();
    if (text === '' && known.default !== undefined) return known.default;
    if (text === '' && !isRequired) return undefined;
    const values = (isList ? text.split(',') : [text]).map((each) => meantBy(each.trim(), wanted));
    if (values.every((value) => value !== undefined)) return isList ? values : values[0];
    say(
      text === ''
        ? 'An answer is required.'
        : `Write ${adviceOf(wanted)}${isList ? ' (separate several with commas)' : ''}`,
    );
  }
}

/** A hint at the expected answer. */
interface Wanted {
  readonly types: ReadonlySet<string>;
  readonly choices: readonly Choice[];
}

const wantedOf = (schema: JsonSchema): Wanted => ({
  types: typesOf(schema, {}),
  choices: typeof schema === 'boolean' ? [] : choicesOf(schema),
});

/** Parses an answer; `undefined` if it is invalid. */
function meantBy(text: string, { types, choices }: Wanted): unknown {
  if (choices.length > 0) return choices.find(({ value, title }) => String(value) === text || title === text)?.value;
  if (types.has('boolean') && /^(y(es)?|no?|true|false)$/i.test(text)) return /^[yt]/i.test(text);
  const value = primitive(text, types);
  const fits = text !== '' && (types.size === 0 || types.has(typeof value) || Number.isInteger(value));
  return fits ? value : undefined;
}

function adviceOf({ types, choices }: Wanted): string {
  if (choices.length > 0) return `one of: ${choices.map(({ value }) => String(value)).join(', ')}`;
  return types.has('boolean') ? 'y or n.' : `${[...types].join(' or ')}.`;
}

interface Choice {
  readonly value: JsonValue;
  readonly title?: string;
}

/** An enumeration as written in MCP: `enum`, or `oneOf` (multi-select: `anyOf`) of constants with titles. */
function choicesOf({ enum: values = [], oneOf = [], anyOf = [] }: JsonSchemaObject): readonly Choice[] {
  const titled = [...oneOf, ...anyOf].flatMap((one) =>
    typeof one === 'object' && one.const !== undefined
      ? [{ value: one.const, ...(one.title !== undefined && { title: one.title }) }]
      : [],
  );
  return [...values.map((value) => ({ value })), ...titled];
}

function questionText(name: string, schema: JsonSchemaObject, { types, choices }: Wanted, isList: boolean): string {
  const about = schema.description ?? schema.title;
  const one = choices.length > 0 ? choices.map(({ value }) => String(value)).join('/') : kindOf(types);
  const kind = isList ? `some of ${one}` : one;
  const preset = schema.default === undefined ? '' : ` [${String(schema.default)}]`;
  return `${plain(name)}${about === undefined ? '' : `, ${plain(about)}`} (${plain(kind)})${plain(preset)}: `;
}

const kindOf = (types: ReadonlySet<string>): string => {
  const kinds = [...types].join(' or ') || 'text';
  return kinds === 'boolean' ? 'y/n' : kinds.replace('string', 'text');
};

const isYes = (text: string): boolean => /^y(es)?$/i.test(text.trim());

/** Text from a server must not move the cursor. */
const plain = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, ' ');
