import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT_NAMES, CLIENTS } from '../src/install/clients.ts';
import type { Places } from '../src/install/places.ts';
import { openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// The transcript of docs/install.md, and its table of clients. To update it: npx vitest run docs/install.test.ts -u

const page = join(ROOT, 'docs', 'install.md');
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
  shell.places.set('/usr/bin/node', process.execPath);
  shell.places.set('/home/ada', shell.folder);
  shell.places.set('/usr/lib/node_modules/openapi-mcp', ROOT.replace(/\/$/, ''));
});
afterAll(() => shell.close());

test.runIf(process.platform === 'linux')(
  'the page shows the output of the command, and every client',
  { timeout: 60_000 },
  async () => {
    const text = await pageAsRun(shell, readFileSync(page, 'utf8'));
    const [head, tail = ''] = text.split('<!-- clients -->\n');
    const after = tail.slice(tail.indexOf('<!-- end of clients -->'));
    await expect(`${head}<!-- clients -->\n\n${clientsTable()}\n\n${after}`).toMatchFileSnapshot(page);
  },
);

function clientsTable(): string {
  const at = (platform: NodeJS.Platform, home: string): Places => ({ platform, home, env: {}, project: '.' });
  const rows = CLIENT_NAMES.map((name) => {
    const { paths, profile, mode, reference } = CLIENTS[name];
    const mac = paths.user?.(at('darwin', '~')) ?? '';
    const linux = paths.user?.(at('linux', '~')) ?? '';
    const windows = (paths.user?.(at('win32', '%USERPROFILE%')) ?? '').replace(
      String.raw`%USERPROFILE%\AppData\Roaming`,
      '%APPDATA%',
    );
    return [
      `\`${name}\``,
      `\`${linux}\`${mac === linux ? '' : `; macOS \`${mac}\``}; Windows \`${windows.replaceAll('/', '\\')}\``,
      paths.project ? `\`${paths.project(at('linux', '~'))}\`` : '',
      `\`${profile}\`, ${mode === 'tools' ? 'all tools' : 'what fits'}`,
      reference ? 'yes' : 'no',
    ];
  });
  const all = [['client', 'file of the user', 'of the project', 'profile, mode', '`--env`'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(all[0] ?? []), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
