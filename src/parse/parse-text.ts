import { type Problem, problem } from '../problems.ts';
import { DocumentError } from './api-document.ts';
import { lineAt, textPlace } from './text-place.ts';

export interface ParsedText {
  /**
   * As JSON would have it: keys are strings, timestamps are strings. Parts may be shared (YAML aliases), never
   * circular.
   */
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Text of JSON or YAML as a value. Strict JSON costs one `JSON.parse`; only other text loads the YAML and JSON5 parsers,
 * and only YAML that is not plain the careful one.
 *
 * @param location for messages
 * @throws DocumentError where the text is neither, with the place of the first mistake
 */
export async function parseText(text: string, location: string): Promise<ParsedText> {
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw new DocumentError('The document is empty.', { location, fix: 'Pass another file.' });
  if (start !== '{' && start !== '[' && start !== '/') return parseYaml(text, location);
  try {
    return { value: JSON.parse(text), problems: [] };
  } catch (error) {
    // JSON.parse throws nothing but SyntaxError.
    return parseAlmostJson(text, location, error as SyntaxError);
  }
}

/** Mended JSON, else YAML in flow style (`{openapi: 3.0.3, …}`), else the mistake that JSON.parse found. */
async function parseAlmostJson(text: string, location: string, mistake: SyntaxError): Promise<ParsedText> {
  const lenient = await parseLenientJson(text);
  if (lenient) return lenient;
  try {
    const yaml = await parseYaml(text, location);
    if (!yaml.problems.some(({ code }) => code === 'BROKEN_YAML')) return readAsYaml(yaml, text, location, mistake);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
  }
  throw new DocumentError(`The text is not valid JSON: ${reason(text, mistake)}`, {
    location,
    fix: 'Correct the text at that place; a JSON validator helps.',
    cause: mistake,
  });
}

/** Flow style is no mistake in a file that is called YAML. */
function readAsYaml(yaml: ParsedText, text: string, location: string, mistake: SyntaxError): ParsedText {
  if (/\.ya?ml$/i.test(location)) return yaml;
  const message = `The text is not strict JSON and was read as YAML: ${reason(text, mistake)}`;
  return { ...yaml, problems: [problem('NOT_STRICT_JSON', '#', message), ...yaml.problems] };
}

/** How many mistakes a message lists. */
const LISTED = 5;

async function parseLenientJson(text: string): Promise<ParsedText | undefined> {
  const [{ default: json5 }, { tidyJson }] = await Promise.all([import('json5'), import('./tidy-json.ts')]);
  const tidy = tidyJson(text);
  let value: unknown;
  try {
    value = json5.parse(tidy.text);
  } catch {
    return undefined;
  }
  const mended = tidy.mended.length ? tidy.mended : ['JavaScript-style names or values'];
  const more = mended.length > LISTED ? ` and ${mended.length - LISTED} more` : '';
  const message = `The text is not strict JSON and was repaired: ${mended.slice(0, LISTED).join('; ')}${more}.`;
  return { value, problems: [problem('NOT_STRICT_JSON', '#', message)] };
}

async function parseYaml(text: string, location: string): Promise<ParsedText> {
  const { plainYaml } = await import('./plain-yaml.ts');
  const plain = plainYaml(text);
  if (plain) return { ...plain, problems: [] };
  const { yamlToJson } = await import('./yaml-to-json.ts');
  return yamlToJson(text, location);
}

/** What JSON.parse of any version of Node says, with the place in the text. */
function reason(text: string, { message }: SyntaxError): string {
  // Expected ',' or '}' after property value in JSON at position 237 (line 9 column 7)
  const position = /^(.*?)(?: in JSON)? at position (\d+)/s.exec(message);
  if (position) return `${position[1]} (${textPlace(text, Number(position[2]))}).`;
  // Unexpected token ']', ..."ths": {"a": ]}, "b": "... is not valid JSON: ten characters round the mistake
  const [, what, cut, context = ''] =
    /^(Unexpected token .*?), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid/s.exec(message) ?? [];
  if (what === undefined) return `it ends too early (${textPlace(text, text.length)}).`;
  return `${what} (line ${lineAt(text, Math.max(0, text.indexOf(context)) + (cut ? 10 : 0))}).`;
}
