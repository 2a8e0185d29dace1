import { type Change, isBreaking } from '../../surface/change.ts';
import { shown } from '../../surface/value-changes.ts';
import { counted } from './counted.ts';
import { stdout } from './free-stdout.ts';
import { ink } from './report.ts';

/** The output of `diff`; with `--json`, exactly this. */
export interface SurfaceDiff {
  readonly old: SurfaceVersion;
  readonly new: SurfaceVersion;
  /** Number of breaking changes. */
  readonly breaking: number;
  /** Breaking ones first. */
  readonly changes: readonly Change[];
}

interface SurfaceVersion {
  readonly name: string;
  readonly version: string;
  readonly target: string;
}

export function diffLines(found: SurfaceDiff): string[] {
  const { bold, red } = ink(stdout);
  const section = (heading: string, changes: readonly Change[], paint: (text: string) => string) =>
    changes.length > 0 ? ['', paint(heading), ...changes.map((change) => `  ${lineOf(change)}`)] : [];
  const { breaking, rest } = split(found);
  return [
    bold(`${versionText(found.old)} → ${versionText(found.new)}`),
    ...section('Breaking', breaking, red),
    ...section('Other changes', rest, bold),
    '',
    summary(found),
  ];
}

export function diffMarkdown(found: SurfaceDiff): string[] {
  const { breaking, rest } = split(found);
  const section = (heading: string, changes: readonly Change[]) =>
    changes.length > 0 ? ['', `### ${heading}`, '', ...changes.map((change) => `- ${markdownLine(change)}`)] : [];
  return [
    `## ${escaped(`${versionText(found.old)} → ${versionText(found.new)}`)}`,
    '',
    `${summary(found)}`,
    ...section('Breaking', breaking),
    ...section('Other changes', rest),
  ];
}

const split = ({ changes }: SurfaceDiff) => ({
  breaking: changes.filter(isBreaking),
  rest: changes.filter((change) => !isBreaking(change)),
});

const versionText = ({ name, version }: SurfaceVersion): string => `${name} ${version}`;

function summary({ breaking, changes }: SurfaceDiff): string {
  if (changes.length === 0) return 'No changes.';
  const share = breaking === 0 ? 'none' : breaking === changes.length ? 'all' : breaking;
  return `${counted(changes.length, 'change')}, ${share} breaking.`;
}

function lineOf({ subject, message, code, breaks, tools }: Change): string {
  return `${subject}: ${message}${usedBy(tools)} [${[code, ...breaksNote(breaks)].join(', ')}]`;
}

function markdownLine({ subject, message, code, breaks, tools }: Change): string {
  const note = breaksNote(breaks).map((text) => ` (${text})`);
  return `**${escaped(subject)}**: ${escaped(message + usedBy(tools))} \`${code}\`${note.join('')}`;
}

const breaksNote = (breaks: Change['breaks']): string[] =>
  breaks.length > 0 ? [`breaks ${breaks.map((one) => (one === 'api' ? 'the API' : 'the model')).join(' and ')}`] : [];

const MOST_TOOLS = 5;
const usedBy = (tools: Change['tools']): string => (tools ? ` Used by ${shown(tools, MOST_TOOLS)}.` : '');

/** Names and values of a document are text, not Markdown. */
const escaped = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|@]/g, (mark) => `\\${mark}`).replace(/\s+/g, ' ');
