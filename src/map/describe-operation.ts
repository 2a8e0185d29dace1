import { visibleText } from '../model/index.ts';
import { type Node, text } from './reader.ts';
import { compactText, sentence, shorten } from './text.ts';

const LONGEST_TITLE = 100;

export interface OperationText {
  readonly title?: string;
  readonly description: string;
}

/** Title and description of an operation, from its summary and description without repetition. */
export function describeOperation(
  operation: Node,
  { method, path, deprecated }: { method: string; path: string; deprecated: boolean },
  longest: number,
): OperationText {
  const summary = compactText(text(operation, 'summary') ?? '', 300).replaceAll('\n', ' ');
  const written = compactText(text(operation, 'description') ?? '', 2 * longest);
  const repeats = summary === '' || written.toLowerCase().startsWith(summary.replace(/[.!]$/, '').toLowerCase());
  const both = [repeats ? '' : written === '' ? summary : sentence(summary), written];
  const body = shorten(both.filter((part) => part !== '').join(' '), longest);
  const said = body === '' ? `${method} ${visibleText(path)}` : body;
  const shown = deprecated ? `Deprecated. ${said}` : said;
  return summary === '' ? { description: shown } : { title: shorten(summary, LONGEST_TITLE), description: shown };
}
