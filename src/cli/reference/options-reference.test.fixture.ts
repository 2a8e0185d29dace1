import type { OptionRow } from '../../options/option-row.ts';
import { notesOf } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';

/** The options table as Markdown: the body of docs/cli.md. */
export function optionsReference(): string {
  const groups = [...new Set(OPTIONS.map((row) => row.group))];
  return groups
    .map((group) => {
      const rows = OPTIONS.filter((row) => row.group === group).map(referenceCells);
      return [
        `## ${group}`,
        '',
        ...markdownTable(['option', 'what it does', 'default', 'in a config file', 'command'], rows),
      ].join('\n');
    })
    .join('\n\n');
}

function referenceCells(row: OptionRow): readonly string[] {
  const preset = row.default === undefined ? '' : `\`${row.default}\``;
  const commands = row.commands.map((name) => `\`${name}\``).join(' ');
  const cells = [`\`${row.flags}\``, `${row.description}${notesOf(row, [])}`, preset, placeOf(row), commands];
  // Escape characters with a meaning in Markdown tables, HTML or emphasis; between backticks only `|` matters.
  return cells.map((cell) => {
    const text = cell.replaceAll('|', '\\|');
    return text.startsWith('`') ? text : text.replace(/[<*]/g, '\\$&');
  });
}

/** `apis.*.baseUrl` */
function placeOf({ config }: OptionRow): string {
  return config ? `\`${config.of === 'api' ? 'apis.*.' : ''}${config.key}\`` : '';
}

/** Pads columns to their widest cell. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((_, index) => Math.max(...[heading, ...rows].map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(heading), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
