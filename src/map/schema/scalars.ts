import { escapedText } from '../../model/index.ts';
import { documentPattern } from '../pattern.ts';
import { compactText } from '../text.ts';
import { appendSentence, badKeyword, type Site } from './context.ts';

export function readText(site: Site, keyword: string): void {
  const text = site.written[keyword];
  if (typeof text === 'string') site.draft[keyword] = text;
  else badKeyword(site, keyword, 'text');
}

export function readFlag(site: Site, keyword: string): void {
  const flag = site.written[keyword];
  if (typeof flag === 'boolean') site.draft[keyword] = flag;
  else badKeyword(site, keyword, 'a boolean');
}

export function readPattern(site: Site): void {
  const { written, draft, pointer, context } = site;
  const { pattern } = written;
  if (typeof pattern !== 'string') {
    badKeyword(site, 'pattern', 'text');
    return;
  }
  const at = `${pointer}/pattern`;
  const verdict = documentPattern(pattern);
  if (verdict.kind === 'usable') {
    if (verdict.correction !== undefined) context.reader.report('BAD_PATTERN', at, verdict.correction);
    draft.pattern = escapedText(verdict.pattern);
    return;
  }
  appendSentence(draft, `Pattern: ${compactText(pattern, 200)}`);
  const { reason } = verdict;
  if (verdict.kind === 'broken') {
    const message = `${JSON.stringify(pattern)}: ${reason}. It is documented, not validated.`;
    context.reader.report('BAD_PATTERN', at, message);
  } else {
    const message = `${JSON.stringify(pattern)} could backtrack excessively: ${reason}. It is documented, not validated.`;
    context.reader.report('CATASTROPHIC_PATTERN', at, message);
  }
}
