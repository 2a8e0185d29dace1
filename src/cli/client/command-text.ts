/**
 * A command line to be copied: `openapi-mcp list <target> <words>`, or with a server that is started
 * `openapi-mcp list <words> -- <command>`.
 *
 * @param words as {@link shellWord} writes them.
 * @param targetText as it was written: a target, or `--` and a command; empty for the config file of the folder.
 */
export function commandText(command: string, targetText: string, ...words: readonly string[]): string {
  const rest = targetText.startsWith('-- ') ? [...words, targetText] : [targetText, ...words];
  return ['openapi-mcp', command, ...rest].filter((word) => word !== '').join(' ');
}

/** A word as a shell takes it for one. What a server calls its tools may be a command line of its own. */
export const shellWord = (text: string): string =>
  /^[\w.:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
