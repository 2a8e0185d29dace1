import { problem } from '../problems.ts';
import { DocumentError } from './api-document.ts';
import type { ParsedText } from './parsed-text.ts';
import { lineAt, textPlace } from './text-place.ts';

/**
 * Parses JSON or YAML. Strict JSON takes one `JSON.parse`; only other text loads the YAML and JSON5 parsers, and only
 * complex YAML the careful one.
 *
 * @param location for messages
 * @throws DocumentError if the text is neither, with the place of the first error
 */
export async function parseText(text: string, location: string): Promise<ParsedText> {
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw new DocumentError('The document is empty.', { location, fix: 'Pass another file.' });
  if (start !== '{' && start !== '[' && start !== '/') return parseYaml(text, location);
  try {
    return { value: JSON.parse(text), problems: [] };
  } catch (error) {
    // JSON.parse throws only SyntaxError.
    return parseAlmostJson(text, location, error as SyntaxError);
  }
}

/** Repaired JSON, otherwise YAML in flow style (`{openapi: 3.0.3, …}`), otherwise the error of JSON.parse. */
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

/** Flow style is valid in a YAML file. */
function readAsYaml(yaml: ParsedText, text: string, location: string, mistake: SyntaxError): ParsedText {
  if (/\.ya?ml$/i.test(location)) return yaml;
  const message = `The text is not strict JSON and was read as YAML: ${reason(text, mistake)}`;
  return { ...yaml, problems: [problem('NOT_STRICT_JSON', '#', message), ...yaml.problems] };
}

/** Maximum number of errors in a message. */
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
  const repaired = tidy.repaired.length ? tidy.repaired : ['JavaScript-style names or values'];
  const more = repaired.length > LISTED ? ` and ${repaired.length - LISTED} more` : '';
  const message = `The text is not strict JSON and was repaired: ${repaired.slice(0, LISTED).join('; ')}${more}.`;
  return { value, problems: [problem('NOT_STRICT_JSON', '#', message)] };
}

async function parseYaml(text: string, location: string): Promise<ParsedText> {
  const { plainYaml } = await import('./plain-yaml.ts');
  const plain = plainYaml(text);
  if (plain) return { ...plain, problems: [] };
  const { yamlToJson } = await import('./yaml-to-json.ts');
  return yamlToJson(text, location);
}

/** The error of JSON.parse in any Node version, with its place in the text. */
function reason(text: string, { message }: SyntaxError): string {
  // Expected ',' or '}' after property value in JSON at position 237 (line 9 column 7)
  const position = /^(.*?)(?: in JSON)? at position (\d+)/s.exec(message);
  if (position) return `${position[1]} (${textPlace(text, Number(position[2]))}).`;
  // Unexpected token ']', ..."ths": {"a": ]}, "b": "... is not valid JSON: ten characters around the error
  const [, what, cut, context = ''] =
    /^(Unexpected token .*?), (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid/s.exec(message) ?? [];
  if (what === undefined) return `it ends too early (${textPlace(text, text.length)}).`;
  return `${what} (line ${lineAt(text, Math.max(0, text.indexOf(context)) + (cut ? 10 : 0))}).`;
}
