import { join } from 'node:path';
import type { FlagsOf } from '../../options/flags.ts';
import { PACK_TARGETS, type PackFile, type PackSource, type PackTargetName, preparePack } from '../../pack/index.ts';
import { suggestion } from '../../runtime/text/nearest.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { counted } from '../output/counted.ts';
import { EXIT, type ExitCode, printResult, usageError } from '../output/report.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { readPackSource } from './read-pack-source.ts';

/** What `pack` wrote for one target, or would write; with `--json`, a list of these. */
interface Packed {
  readonly target: PackTargetName;
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly tools: number;
  /** Names only. */
  readonly variables: readonly string[];
  /** Without those of the program and its packages. */
  readonly files: readonly string[];
  /** The program and its packages; `null` if the pack gets them from a registry. */
  readonly program: { readonly files: number; readonly bytes: number } | null;
}

/** `openapi-mcp pack`: writes what others need to install or deploy a target. */
export async function pack(words: TargetWords, line: CommandLine<FlagsOf<'pack'>>): Promise<ExitCode> {
  const { flags } = line;
  const names = targetsOf(flags);
  const source = await readPackSource(words, line);
  const packs = [];
  for (const target of names) {
    const folder = names.length === 1 ? flags.out : join(flags.out, target);
    const files = await PACK_TARGETS[target].files(source);
    // All are checked before the first one is written.
    const write = preparePack({ folder, target, files, overwrite: flags.overwrite });
    packs.push({ write, packed: packedOf(source, files, { target, folder }) });
  }
  if (!flags.dryRun) for (const { write } of packs) write();
  const packed = packs.map((each) => each.packed);
  printResult(flags.json, packed, () => packed.flatMap((each) => packedLines(each, source, flags)));
  return EXIT.ok;
}

function targetsOf({ target }: FlagsOf<'pack'>): readonly PackTargetName[] {
  const all = Object.keys(PACK_TARGETS);
  if (target.length === 0) throw usageError('No target given.', `Pass --target: ${all.join(', ')}.`);
  const unknown = target.find((name) => !Object.hasOwn(PACK_TARGETS, name));
  if (unknown !== undefined) {
    throw usageError(`--target: "${unknown}" is not a known target.`, suggestion(unknown, all));
  }
  return [...new Set(target)] as PackTargetName[];
}

function packedOf(
  { name, version, tools, variables }: PackSource,
  files: readonly PackFile[],
  place: Pick<Packed, 'target' | 'folder'>,
): Packed {
  const program = files.filter(({ path }) => isProgramFile(path));
  return {
    ...place,
    ...{ name, version, tools: tools.length },
    variables: variables.map((variable) => variable.name),
    files: files.filter(({ path }) => !isProgramFile(path)).map(({ path }) => path),
    program: program.length === 0 ? null : { files: program.length, bytes: program.reduce(addBytes, 0) },
  };
}

const isProgramFile = (path: string): boolean => /(?:^|\/)node_modules\//.test(path);
const addBytes = (sum: number, { content }: PackFile): number => sum + Buffer.byteLength(content);

function packedLines(packed: Packed, source: PackSource, { dryRun }: FlagsOf<'pack'>): string[] {
  const { target, folder, name, version, tools, files, program } = packed;
  const verb = dryRun ? 'Would pack' : 'Packed';
  const { title, next } = PACK_TARGETS[target];
  const missing = source.variables.filter(({ isRequired }) => isRequired).map((variable) => variable.name);
  return [
    `${verb} ${name} ${version} (${counted(tools, 'tool')}) as ${title}: ${folder}`,
    ...files.map((path) => `  ${path}`),
    ...(program === null ? [] : [target === 'npm' ? '  the program' : '  the program and its packages']),
    ...(dryRun ? [] : ['Next:', ...next(source).map((text) => `  ${text}`)]),
    ...(missing.length > 0 ? [`Needs ${missing.join(', ')}.`] : []),
  ];
}
