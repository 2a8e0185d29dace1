import { type Node, text } from './reader.ts';
import { compactText, sentence } from './text.ts';

/** OpenAI's Chat Completions refused longer descriptions in 2025; a longer one costs every call besides. */
const LONGEST_DESCRIPTION = 600;
const LONGEST_TITLE = 100;

export interface OperationText {
  readonly title?: string;
  readonly description: string;
}

/** Title and description of an operation: its summary and description, each said once. */
export function describeOperation(
  operation: Node,
  { method, path, deprecated }: { method: string; path: string; deprecated: boolean },
): OperationText {
  const summary = compactText(text(operation, 'summary') ?? '', 300).replaceAll('\n', ' ');
  const written = compactText(text(operation, 'description') ?? '', LONGEST_DESCRIPTION);
  const repeats = summary === '' || written.toLowerCase().startsWith(summary.replace(/[.!]$/, '').toLowerCase());
  const body = [repeats ? '' : written === '' ? summary : sentence(summary), written]
    .filter((part) => part !== '')
    .join(' ');
  const said = body === '' ? `${method} ${path}` : body;
  return {
    ...(summary !== '' && { title: compactText(summary, LONGEST_TITLE) }),
    description: deprecated ? `Deprecated. ${said}` : said,
  };
}
