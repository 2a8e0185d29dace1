import type { ToolAnswer } from '../api-types.ts';
import type { Arguments } from './form/argument-editor.tsx';

/** What was typed for a tool, and its latest result: kept while the page is open, also when the server reloads. */
export interface Draft {
  readonly arguments: Arguments;
  readonly isJson: boolean;
  readonly answer?: ToolAnswer;
}

const drafts = new Map<string, Draft>();

export const draftOf = (key: string): Draft => drafts.get(key) ?? { arguments: {}, isJson: false };

export const keepDraft = (key: string, draft: Draft): void => {
  drafts.set(key, draft);
};
