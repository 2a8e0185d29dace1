import completion from '@bomb.sh/tab';
import completions from '@bomb.sh/tab/commander';
import type { Command } from 'commander';

/** `openapi-mcp completion`: a script that asks this program for suggestions. */
export const printCompletion = (shell: string): void => completion.setup('openapi-mcp', 'openapi-mcp', shell);

/** Adds the command that answers such a script: `openapi-mcp complete -- run --`. */
export const answerCompletion = (program: Command): void =>
  void completions(program, { completionCommandName: 'shell-script' });
