import { parse, stringify } from 'smol-toml';
import type { ConfigEditor, ServerPlace } from './config-editor.ts';

/** TOML 1.0: a server is a table of its own, at the end of the file. */
export const TOML_EDITOR: ConfigEditor = {
  parse,
  put(text, place, entry) {
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    const rest = withoutTable(text, place);
    const table = stringify({ [place.key]: { [place.name]: entry } }).trim();
    const gap = rest === '' ? '' : rest.endsWith('\n') ? eol : eol + eol;
    return `${rest}${gap}${table.replaceAll('\n', eol)}${eol}`;
  },
  remove: withoutTable,
};

/** Any table header: `[a.b]`, `[[a]]`. */
const HEADER = /^[ \t]*\[\[?([^\]#]*)\]\]?[ \t]*(?:#.*)?$/;

/** Without the table of the server and those below it, and the blank line before it. */
function withoutTable(text: string, { key, name }: ServerPlace): string {
  const lines = text.split(/(?<=\n)/);
  const kept: string[] = [];
  let inside = false;
  let wasRemoved = false;
  let open: string | undefined;
  for (const line of lines) {
    const header = open === undefined ? HEADER.exec(line.trimEnd())?.[1] : undefined;
    open = openAfter(line, open);
    if (header !== undefined) inside = isBelow(header, key, name);
    if (!inside) {
      kept.push(line);
      continue;
    }
    if (!wasRemoved && kept.at(-1)?.trim() === '') kept.pop();
    wasRemoved = true;
  }
  return kept.join('');
}

/** The delimiter of the multi-line string that is open after a line. */
function openAfter(line: string, open: string | undefined): string | undefined {
  let [state, at] = [open, 0];
  for (;;) {
    const [delimiter] = (state === undefined ? ['"""', "'''"] : [state])
      .map((each) => ({ each, found: line.indexOf(each, at) }))
      .filter(({ found }) => found >= 0)
      .sort((a, b) => a.found - b.found);
    if (!delimiter) return state;
    state = state === undefined ? delimiter.each : undefined;
    at = delimiter.found + 3;
  }
}

/** `mcp_servers.pets`, `mcp_servers."pets".env` */
function isBelow(header: string, key: string, name: string): boolean {
  const parts = header.split('.').map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'));
  return parts[0] === key && parts[1] === name;
}
