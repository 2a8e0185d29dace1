import {
  DEFAULT_RUNTIME,
  type ExistingRuntime,
  lineDiff,
  type RuntimeKind,
  type ToolChanges,
} from '../../emit/index.ts';
import {
  type GeneratedProject,
  generateProject,
  type ProjectUpdate,
  projectRuntime,
  writeProject,
} from '../../generate.ts';
import { leftOut } from '../../left-out.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { packedFile } from '../../package-root.ts';
import { DocumentError } from '../../parse/api-document.ts';
import { publicAddress } from '../../parse/public-address.ts';
import type { ProxyOptions } from '../../proxy.ts';
import { VERSION } from '../../version.ts';
import { readEnvironment } from '../flags/environment.ts';
import { sharedProxyOptions } from '../flags/proxy-options.ts';
import { changedLines, changesOf } from '../output/changed-lines.ts';
import { countedFaces, facesOf } from '../output/counted.ts';
import { forTerminal } from '../output/for-terminal.ts';
import { stdout } from '../output/free-stdout.ts';
import { CommandError, EXIT, type ExitCode, ink, printResult, tell, usageError } from '../output/report.ts';

/** `openapi-mcp generate`: writes the project for a document, or shows what it would write. */
export async function generate(document: string, flags: FlagsOf<'generate'>): Promise<ExitCode> {
  if (process.stderr.isTTY && !flags.json) tell(`Reading ${document === '-' ? 'stdin' : publicAddress(document)} …`);
  const existing = projectRuntime(flags.out);
  const options = {
    ...sharedProxyOptions(flags, readEnvironment(flags.envFile)),
    transport: flags.transport,
    runtime: runtimeKind(flags, existing),
    imported: existing?.imported ?? [],
    ...(document === '-' && { stdin: process.stdin }),
  };
  warnOfMissing(options);
  const project = await generateProject(document, options);
  for (const notice of project.notices) tell(notice);
  if (project.model.operations.length === 0) throw nothingToGenerate(project, options);
  const preview = flags.dryRun || flags.diff || flags.check;
  const update = writeProject(project, { folder: flags.out, force: flags.force, preview });
  report(project, update, flags);
  if (!update.written && !preview) throw changedByHand(update);
  return flags.check && changesOf(update).length > 0 ? EXIT.document : EXIT.ok;
}

function runtimeKind({ runtime, full }: FlagsOf<'generate'>, existing: ExistingRuntime | undefined): RuntimeKind {
  if (full && runtime === 'package')
    throw usageError('--full copies the runtime, which --runtime package does not.', 'Omit one of them.');
  if (full) return 'full';
  return runtime ?? existing?.kind ?? DEFAULT_RUNTIME;
}

/** They were files of a copy. */
function warnOfMissing({ runtime, imported }: { readonly runtime: RuntimeKind; readonly imported: readonly string[] }) {
  if (runtime !== 'package' || imported.length === 0) return;
  tell(`Your files import ${imported.join(', ')}, which --runtime package does not write: import openapi-mcp/runtime.`);
}

function nothingToGenerate({ document, found, filtered }: GeneratedProject, options: ProxyOptions): Error {
  if (filtered > 0) {
    const { message, fix } = leftOut(options, { filtered, found });
    return usageError(`${message}, so there is nothing to generate.`, fix);
  }
  return new DocumentError(
    found > 0
      ? `None of the ${found} operations can be served, so there is nothing to generate.`
      : 'The document describes no operations, so there is nothing to generate.',
    { location: document.location, fix: 'openapi-mcp inspect shows every problem.' },
  );
}

function changedByHand({ changes }: ProjectUpdate): CommandError {
  const paths = changes.filter(({ action }) => action === 'conflict').map(({ path }) => path);
  return new CommandError(
    EXIT.document,
    `Generated files were edited, so nothing was written: ${paths.join(', ')}`,
    'Move the changes to src/hooks.ts or src/index.ts, or pass --force to overwrite them. --diff shows them.',
  );
}

function report(project: GeneratedProject, update: ProjectUpdate, flags: FlagsOf<'generate'>): void {
  if (flags.diff && !flags.json) printDiff(update);
  else printResult(flags.json, summary(project, update, flags), () => summaryLines(project, update, flags));
}

function printDiff(update: ProjectUpdate): void {
  for (const { path, action, before, after } of changesOf(update))
    stdout.write(forTerminal(lineDiff(path, before, action === 'remove' ? undefined : after), stdout));
}

/** With `--json`, exactly this is printed. */
function summary(
  { model, problems, runtime, ...project }: GeneratedProject,
  update: ProjectUpdate,
  { out }: FlagsOf<'generate'>,
) {
  return {
    name: model.name,
    title: model.title,
    folder: out,
    runtime,
    written: update.written,
    operations: model.operations.length,
    found: project.found,
    filtered: project.filtered,
    files: update.changes.map(({ path, action }) => ({ path, action })).filter(({ action }) => action !== 'same'),
    tools: update.tools ?? null,
    packages: update.packages,
    problems,
  };
}

function summaryLines(project: GeneratedProject, update: ProjectUpdate, flags: FlagsOf<'generate'>): string[] {
  const { model, problems } = project;
  const { bold } = ink(stdout);
  const lost = problems.filter(({ operation }) => operation !== undefined);
  return [
    bold(`${model.title} ${model.version} (${model.name})`),
    facesLine(project),
    ...lost.map(({ pointer, message }) => `left out: ${pointer}  ${message}`),
    ...toolLines(update.tools),
    ...changedLines(update),
    ...update.packages.map((name) => `package.json needs ${name}`),
    ...(update.written ? nextLines(update, flags.out, project.runtime) : []),
  ];
}

function facesLine({ model: { operations }, filtered, found }: GeneratedProject): string {
  const faces = countedFaces(facesOf(operations));
  return filtered > 0 ? `${faces} (${filtered} of ${found} excluded)` : faces;
}

function toolLines(tools: ToolChanges | undefined): string[] {
  if (!tools) return [];
  const { added, removed, changed } = tools;
  return [
    ...added.map((name) => `added: ${name}`),
    ...removed.map((name) => `removed (breaking): ${name}`),
    ...changed.map(({ name, breaking }) =>
      breaking.length ? `changed (breaking): ${name}: ${breaking.join('; ')}` : `changed: ${name}`,
    ),
  ];
}

function nextLines({ tools }: ProjectUpdate, folder: string, runtime: RuntimeKind): string[] {
  if (tools) return [];
  const packed = `  npm pack <clone>   # of openapi-mcp: writes ${packedFile(VERSION)}, which package.json names`;
  const first = runtime === 'package' ? [packed] : [];
  return ['', 'Next:', `  cd ${folder}`, ...first, '  npm install', '  npm test', '  npm start'];
}
