import { brokenObject, interfaceText, laidOut } from './declarations.ts';
import type { EmittedFile } from './emitted-file.ts';
import { emittedImport } from './emitted-import.ts';
import type { Group, PlannedOperation, ProjectPlan } from './project-plan.ts';
import { TYPES, VALUES } from './runtime-names.ts';
import type { SourceWriter } from './source-writer.ts';
import { oneLine } from './text/comment.ts';
import { group, HARD, ifBroken, indent, joined, type Layout, SOFT } from './text/layout.ts';
import { listOf, literal, objectOf, property, stringLiteral, typeKey } from './text/literal.ts';
import { docComment } from './text/type-text.ts';

/** What the TypeScript files of a project are generated from. */
export interface TypeScriptOptions {
  readonly plan: ProjectPlan;
  /** The first line of every file. */
  readonly header: string;
  /** Options of `openModel` that were passed when the project was generated. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Names of the schema data files in `src`. */
  readonly dataFiles: readonly string[];
  readonly write: SourceWriter;
}

/** A generated file of operations. */
export interface OperationsFile {
  /** Without folder and extension. */
  readonly name: string;
  /** The name of the module in imports. */
  readonly module: string;
  readonly operations: readonly PlannedOperation[];
  readonly text: string;
}

export interface WrittenGroup {
  readonly group: Group;
  readonly files: readonly OperationsFile[];
}

/** The module that users import, its types, and the model that it opens. */
export function apiFiles(groups: readonly WrittenGroup[], options: TypeScriptOptions): EmittedFile[] {
  return [mainFile(options), typesFile(groups, options), modelFile(groups, options)];
}

function mainFile({ plan, header, defaults, write }: TypeScriptOptions): EmittedFile {
  const { type, file } = plan;
  const { ApiModel, ModelOptions, OpenedEmitted } = TYPES;
  const { openEmitted, readPrepared } = VALUES;
  const text = write({
    header,
    imports: [
      { moduleSpecifier: './hooks.ts', namedImports: ['hooks'] },
      { isTypeOnly: true, moduleSpecifier: './types.ts', namedImports: [`${type}Client`] },
      emittedImport('./', [ApiModel, ModelOptions, OpenedEmitted, openEmitted, readPrepared]),
    ],
    declarations: [
      "export type * from './types.ts';",
      laidOut([
        ...docComment(['The provider of the API, with its operations as functions.']),
        `export type ${type} = ${OpenedEmitted}<${type}Client>;`,
      ]),
      laidOut([
        ...docComment([
          `The content of \`${file}.model.ts\`, read from the JSON that the build writes, so that the server starts faster.`,
        ]),
        `const prepared = await ${readPrepared}(new URL('./${file}.model.json', import.meta.url), `,
        brokenObject([property('revision', plan.revision), `load: () => import('./${file}.model.ts')`]),
        ');',
      ]),
      laidOut([
        ...docComment(['The complete model: the operations and their schemas.']),
        `export const model: ${ApiModel} = prepared.model;`,
      ]),
      laidOut([
        ...docComment(['Set when this file was generated; options of the caller override them.']),
        `const defaults: ${ModelOptions} = `,
        literal(defaults),
        ';',
      ]),
      createFunction(type),
    ],
  });
  return { path: `src/${file}.ts`, text, owner: 'generated' };
}

/** A separate file, because `hooks.ts`, which the main file imports, uses its types. */
function typesFile(groups: readonly WrittenGroup[], { plan, header, write }: TypeScriptOptions): EmittedFile {
  const { type, model } = plan;
  const files = groups.flatMap((written) => written.files);
  const text = write({
    header,
    imports: [
      ...operationImports(files).map((one) => ({ ...one, isTypeOnly: true })),
      emittedImport('./', [TYPES.Hooks]),
    ],
    declarations: [
      laidOut([
        ...docComment([`The operations of ${oneLine(model.title)} as functions, by tag.`]),
        interfaceText(
          `${type}Client`,
          groups.map(({ group, files: parts }) => clientGroup(group, parts)),
        ),
      ]),
      laidOut([...docComment(['The types of all operations, by operation id.']), operationsInterface(type, files)]),
      laidOut([
        ...docComment(['What `src/hooks.ts` can change about each operation.']),
        `export type ${type}Hooks = ${TYPES.Hooks}<${type}Operations>;`,
      ]),
    ],
  });
  return { path: 'src/types.ts', text, owner: 'generated' };
}

/** All operations combined. */
function modelFile(
  groups: readonly WrittenGroup[],
  { plan, header, dataFiles, write }: TypeScriptOptions,
): EmittedFile {
  const files = groups.flatMap((written) => written.files);
  const text = write({
    header,
    imports: [...operationImports(files), emittedImport('./', [TYPES.ApiModel, TYPES.ModelOutline, VALUES.readModel])],
    declarations: [
      laidOut([
        ...docComment(['Changes whenever the API does, so that the output of an older build is not used.']),
        `export const revision = ${stringLiteral(plan.revision)};`,
      ]),
      laidOut([`const outline: ${TYPES.ModelOutline} = `, brokenObject(modelEntries(plan, files)), ';']),
      laidOut([
        ...docComment(['The complete model: the operations and their schemas.']),
        `export const model: ${TYPES.ApiModel} = await `,
        modelCall(dataFiles),
        ';',
      ]),
      laidOut([
        ...docComment(['The operations by tag, as in the client.']),
        'export const groups = ',
        objectOf(groups.map(({ group, files: parts }) => [group.name, groupValue(parts)])),
        ';',
      ]),
    ],
  });
  return { path: `src/${plan.file}.model.ts`, text, owner: 'generated' };
}

const operationImports = (files: readonly OperationsFile[]) =>
  files.map((file) => ({ moduleSpecifier: `./operations/${file.name}.ts`, namespaceImport: file.module }));

const clientGroup = ({ name }: Group, parts: readonly OperationsFile[]): Layout =>
  `${typeKey(name)}: ${parts.map(({ module }) => `${module}.Client`).join(' & ')};`;

const groupValue = (parts: readonly OperationsFile[]): Layout => {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only.module;
  return `{ ${parts.map(({ module }) => `...${module}`).join(', ')} }`;
};

function operationsInterface(type: string, files: readonly OperationsFile[]): Layout {
  const bases = files.map(({ module }) => `${module}.Operations`);
  const head = `export interface ${type}Operations`;
  if (bases.length === 0) return `${head} {}`;
  const flat = `${head} extends ${bases.join(', ')} {}`;
  if (flat.length <= 120) return flat;
  return [head, indent(HARD, 'extends ', indent(joined(bases, [',', HARD]))), ' {}'];
}

function modelEntries({ model }: ProjectPlan, files: readonly OperationsFile[]): Layout[] {
  const { schemas: _, operations, ...rest } = model;
  const references = new Map(
    files.flatMap((file) => file.operations.map(({ operation, name }) => [operation.id, `${file.module}.${name}`])),
  );
  const list = listOf(operations.map(({ id }) => references.get(id) ?? id));
  return [...Object.entries(rest).map(([key, value]) => property(key, value)), ['operations: ', list]];
}

function modelCall(dataFiles: readonly string[]): Layout {
  const urls = dataFiles.map((file) => `new URL('./${file}', import.meta.url)`);
  return [`${VALUES.readModel}(outline, `, listOf(urls), ')'];
}

function createFunction(type: string): string {
  return laidOut([
    ...docComment([
      'Opens the API: a provider to serve or mount, with its operations as functions in `api`. Credentials are read from',
      'the environment, see `.env.example`.',
    ]),
    joined(
      [
        [
          group(
            `export function create${type}(`,
            indent(SOFT, `options: ${TYPES.ModelOptions} = {}`, ifBroken(',')),
            SOFT,
            ')',
          ),
          `: ${type} {`,
        ],
        `  return ${VALUES.openEmitted}<${type}Client>({ ...prepared, defaults, hooks }, options);`,
        '}',
      ],
      HARD,
    ),
  ]);
}
