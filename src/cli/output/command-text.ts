/**
 * A command line to copy: `openapi-mcp list <target> <words>`, or for a server command `openapi-mcp list <words> --
 * <command>`.
 *
 * @param words quoted by {@link shellWord}
 * @param targetText as written by the user: a target, or `--` and a command; empty for the config file in the folder
 */
export function commandText(command: string, targetText: string, ...words: readonly string[]): string {
  const rest = targetText.startsWith('-- ') ? [...words, targetText] : [targetText, ...words];
  return ['openapi-mcp', command, ...rest].filter((word) => word !== '').join(' ');
}

/** Quotes a word for the shell. A server could choose a tool name that is a shell command. */
export const shellWord = (text: string): string =>
  /^[\w.:/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
