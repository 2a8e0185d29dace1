import type { Operation } from '../model/index.ts';
import { interfaceText, laidOut, mentions, typeDeclaration } from './declarations.ts';
import { byteLength, type EmittedFile, MAX_FILE_BYTES } from './emitted-file.ts';
import type { Group, PlannedOperation, ProjectPlan, SharedType } from './project-plan.ts';
import type { SourceFile, SourceWriter } from './source-writer.ts';
import { commentLines, oneLine } from './text/comment.ts';
import { group, HARD, ifBroken, indent, joined, type Layout, LINE, SOFT } from './text/layout.ts';
import { listOf, literal, objectOf, property, stringLiteral, typeKey } from './text/literal.ts';
import { docComment, memberComment, type SharedTypeName } from './text/type-text.ts';

/** What the TypeScript of a project is written from. */
export interface TypeScriptOptions {
  readonly plan: ProjectPlan;
  /** The first line of every file. */
  readonly header: string;
  /** Options of `openModel` that were given when the project was generated. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Files of schema data, as their names in `src`. */
  readonly dataFiles: readonly string[];
  readonly write: SourceWriter;
}

/** Everything that is TypeScript and depends on the model. */
export function typescriptFiles(options: TypeScriptOptions): EmittedFile[] {
  const groups = options.plan.groups.map((group) => ({ group, files: operationFiles(group, options) }));
  return [
    mainFile(groups, options),
    modelFile(groups, options),
    ...schemaFiles(options),
    ...groups.flatMap(({ files }) => files.map(toEmitted)),
  ];
}

interface OperationsFile {
  /** Without folder and ending. */
  readonly name: string;
  /** What the module is called where it is imported. */
  readonly module: string;
  readonly operations: readonly PlannedOperation[];
  readonly text: string;
}

const toEmitted = ({ name, text }: OperationsFile): EmittedFile => ({
  path: `src/operations/${name}.ts`,
  text,
  owner: 'generated',
});

/** One file for a tag; several where it would be too large. */
function operationFiles(group: Group, options: TypeScriptOptions): OperationsFile[] {
  return parts(group.operations, (operations) => operationsText(operations, options)).map(({ items, text }, index) => ({
    name: index === 0 ? group.file : `${group.file}.${index + 1}`,
    module: index === 0 ? group.name : `${group.name}_${index + 1}`,
    operations: items,
    text,
  }));
}

/** Halves what is too large for one file, until each part fits. */
function parts<Item>(
  items: readonly Item[],
  write: (items: readonly Item[]) => string,
): { items: readonly Item[]; text: string }[] {
  const text = write(items);
  if (items.length < 2 || byteLength(text) <= MAX_FILE_BYTES) return [{ items, text }];
  const middle = Math.ceil(items.length / 2);
  return [...parts(items.slice(0, middle), write), ...parts(items.slice(middle), write)];
}

function operationsText(operations: readonly PlannedOperation[], { plan, header, write }: TypeScriptOptions): string {
  const types = operations.flatMap((operation) => [
    operation.arguments,
    ...(operation.result ? [operation.result] : []),
  ]);
  const shared: SharedTypeName = (name) => `schemas.${plan.sharedNames.get(name) ?? name}`;
  return write({
    header,
    imports: [
      ...(types.some((type) => mentions(type, 'word', 'FileInput'))
        ? [{ isTypeOnly: true, moduleSpecifier: '../model/index.ts', namedImports: ['FileInput'] }]
        : []),
      { isTypeOnly: true, moduleSpecifier: '../runtime/api/client.ts', namedImports: ['ClientCallOptions'] },
      { isTypeOnly: true, moduleSpecifier: '../runtime/api/outline.ts', namedImports: ['OperationOutline'] },
      ...(types.some((type) => mentions(type, 'shared'))
        ? [{ isTypeOnly: true, moduleSpecifier: '../schemas.ts', namespaceImport: 'schemas' }]
        : []),
    ],
    declarations: [
      ...operations.flatMap((operation) => operationDeclarations(operation, shared)),
      laidOut([
        ...docComment(['The types of these operations, for hooks.']),
        interfaceText('Operations', operations.map(operationMember)),
      ]),
      laidOut([
        ...docComment(['These operations as functions.']),
        interfaceText('Client', operations.map(clientMember)),
      ]),
    ],
  });
}

function operationDeclarations(planned: PlannedOperation, shared: SharedTypeName): string[] {
  const { operation, name, type } = planned;
  return [
    typeDeclaration({ name: `${type}Arguments`, type: planned.arguments, comment: [], shared }),
    ...(planned.result ? [typeDeclaration({ name: `${type}Result`, type: planned.result, comment: [], shared })] : []),
    laidOut([
      ...docComment(operationComment(operation)),
      `export const ${name}: OperationOutline = `,
      brokenObject(outlineEntries(operation)),
      ';',
    ]),
  ];
}

/** `{ pointer: …` on lines of their own, whatever would fit on one. */
function brokenObject(properties: readonly Layout[]): Layout {
  return ['{', indent(HARD, joined(properties, [',', HARD]), ','), HARD, '}'];
}

function outlineEntries(operation: Operation): Layout[] {
  const { arguments: _, response, tool, ...rest } = operation;
  const { schema: _schema, ...plan } = response;
  const { inputSchema: _input, outputSchema: _output, ...face } = tool ?? {};
  const outline = { ...rest, response: plan, ...(tool && { tool: face }) };
  return Object.entries(outline).map(([key, value]) => property(key, value));
}

function operationComment({ origin, tool, resource }: Operation): string[] {
  const face = tool ?? resource;
  const title = face?.title ?? '';
  return [
    ...commentLines(oneLine(`${origin.method.toUpperCase()} ${origin.path}${title && `: ${title}`}`)),
    ...(origin.deprecated ? ['@deprecated'] : []),
  ];
}

const resultName = ({ type, result }: PlannedOperation): string => (result ? `${type}Result` : 'unknown');

function operationMember(planned: PlannedOperation): Layout {
  const { operation, type } = planned;
  const members = [`arguments: ${type}Arguments`, `result: ${resultName(planned)}`];
  return [
    `${typeKey(operation.id)}: `,
    group('{', indent(LINE, joined(members, [';', LINE]), ifBroken(';')), LINE, '}'),
    ';',
  ];
}

/** `getPet(args: GetPetArguments, options?: ClientCallOptions): Promise<GetPetResult>;` */
function clientMember(planned: PlannedOperation): Layout {
  const { operation, name, type } = planned;
  const optional = operation.arguments.required.length === 0 ? '?' : '';
  const parameters = [`args${optional}: ${type}Arguments`, 'options?: ClientCallOptions'];
  return [
    ...docComment(operationComment(operation)),
    group(
      `${name}(`,
      indent(SOFT, joined(parameters, [',', LINE])),
      ifBroken(','),
      SOFT,
      `): Promise<${resultName(planned)}>;`,
    ),
  ];
}

/** `schemas.ts`; where that would be too large, its parts, and a file that names them. */
function schemaFiles({ plan, header, write }: TypeScriptOptions): EmittedFile[] {
  const whole = (items: readonly SharedType[], shared: SharedTypeName, folder: string): SourceFile => ({
    header,
    imports: [
      ...(items.some(({ type }) => mentions(type, 'word', 'FileInput'))
        ? [{ isTypeOnly: true, moduleSpecifier: `${folder}model/index.ts`, namedImports: ['FileInput'] }]
        : []),
      ...(folder === '../' ? [{ isTypeOnly: true, moduleSpecifier: '../schemas.ts', namespaceImport: 'schemas' }] : []),
    ],
    declarations: items.length
      ? items.map((item) => typeDeclaration({ ...item, comment: memberComment(item), shared }))
      : ['export {};'],
  });
  const name: SharedTypeName = (schema) => plan.sharedNames.get(schema) ?? schema;
  const file = (path: string, text: string): EmittedFile => ({ path, text, owner: 'generated' });
  const text = write(whole(plan.shared, name, './'));
  if (byteLength(text) <= MAX_FILE_BYTES) return [file('src/schemas.ts', text)];
  const split = parts(plan.shared, (items) => write(whole(items, (schema) => `schemas.${name(schema)}`, '../')));
  const names = split.map((_, index) => `part-${index + 1}`);
  const all = names.map((part) => `export type * from './schemas/${part}.ts';`).join('\n');
  return [
    file('src/schemas.ts', write({ header, imports: [], declarations: [all] })),
    ...split.map((part, index) => file(`src/schemas/${names[index]}.ts`, part.text)),
  ];
}

interface WrittenGroup {
  readonly group: Group;
  readonly files: readonly OperationsFile[];
}

/** What a person works with: the types of the API, and what opens it. */
function mainFile(groups: readonly WrittenGroup[], { plan, header, defaults, write }: TypeScriptOptions): EmittedFile {
  const { type, model, file } = plan;
  const files = groups.flatMap((written) => written.files);
  const text = write({
    header,
    imports: [
      { moduleSpecifier: './hooks.ts', namedImports: ['hooks'] },
      { isTypeOnly: true, moduleSpecifier: './model/index.ts', namedImports: ['ApiModel'] },
      ...operationImports(files).map((one) => ({ ...one, isTypeOnly: true })),
      { isTypeOnly: true, moduleSpecifier: './runtime/api/hooks.ts', namedImports: ['Hooks'] },
      {
        moduleSpecifier: './runtime/node/open-emitted.ts',
        namedImports: [{ name: 'OpenedEmitted', isTypeOnly: true }, 'openEmitted'],
      },
      { isTypeOnly: true, moduleSpecifier: './runtime/node/open-model.ts', namedImports: ['ModelOptions'] },
      { moduleSpecifier: './runtime/node/prepared.ts', namedImports: ['readPrepared'] },
    ],
    declarations: [
      laidOut([
        ...docComment([`The operations of ${oneLine(model.title)} as functions, by tag.`]),
        interfaceText(
          `${type}Client`,
          groups.map(({ group, files: parts }) => clientGroup(group, parts)),
        ),
      ]),
      laidOut([...docComment(['The types of all operations, by their ids.']), operationsInterface(type, files)]),
      laidOut([
        ...docComment(['What `src/hooks.ts` may change about each operation.']),
        `export type ${type}Hooks = Hooks<${type}Operations>;`,
      ]),
      laidOut([
        ...docComment(['The provider of the API, with the API as functions.']),
        `export type ${type} = OpenedEmitted<${type}Client>;`,
      ]),
      laidOut([
        ...docComment([
          `What \`${file}.model.ts\` holds, read as the JSON that the build made of it: so a server starts faster.`,
        ]),
        `const prepared = await readPrepared(new URL('./${file}.model.json', import.meta.url), `,
        brokenObject([property('revision', plan.revision), `load: () => import('./${file}.model.ts')`]),
        ');',
      ]),
      laidOut([
        ...docComment(['The whole model: the operations, and their schemas.']),
        'export const model: ApiModel = prepared.model;',
      ]),
      laidOut([
        ...docComment(['Given when this was generated; options of the caller win.']),
        'const defaults: ModelOptions = ',
        literal(defaults),
        ';',
      ]),
      createFunction(type),
    ],
  });
  return { path: `src/${file}.ts`, text, owner: 'generated' };
}

/** All operations put together. */
function modelFile(
  groups: readonly WrittenGroup[],
  { plan, header, dataFiles, write }: TypeScriptOptions,
): EmittedFile {
  const files = groups.flatMap((written) => written.files);
  const text = write({
    header,
    imports: [
      { isTypeOnly: true, moduleSpecifier: './model/index.ts', namedImports: ['ApiModel'] },
      ...operationImports(files),
      {
        moduleSpecifier: './runtime/api/outline.ts',
        namedImports: ['joinModel', { name: 'ModelOutline', isTypeOnly: true }],
      },
      { moduleSpecifier: './runtime/node/read-schema-data.ts', namedImports: ['readSchemaData'] },
    ],
    declarations: [
      laidOut([
        ...docComment(['Changes whenever the API does: what the build made of an older one is not used.']),
        `export const revision = ${stringLiteral(plan.revision)};`,
      ]),
      laidOut(['const outline: ModelOutline = ', brokenObject(modelEntries(plan, files)), ';']),
      laidOut([
        ...docComment(['The whole model: the operations, and their schemas.']),
        'export const model: ApiModel = ',
        modelCall(dataFiles),
        ';',
      ]),
      laidOut([
        ...docComment(['The operations by tag, as the client has them.']),
        'export const groups = ',
        objectOf(groups.map(({ group, files: parts }) => [group.name, groupValue(parts)])),
        ';',
      ]),
    ],
  });
  return { path: `src/${plan.file}.model.ts`, text, owner: 'generated' };
}

const operationImports = (files: readonly OperationsFile[]) =>
  files
    .map((file) => ({ moduleSpecifier: `./operations/${file.name}.ts`, namespaceImport: file.module }))
    .sort((a, b) => (a.moduleSpecifier < b.moduleSpecifier ? -1 : 1));

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
  return group(
    'joinModel(',
    indent(SOFT, 'outline,', LINE, 'readSchemaData(', listOf(urls), ')', ifBroken(',')),
    SOFT,
    ')',
  );
}

function createFunction(type: string): string {
  return laidOut([
    ...docComment([
      'Opens the API: a provider to serve or to mount, and `api`, the same operations as functions. Credentials are read',
      'from the environment, see `.env.example`.',
    ]),
    joined(
      [
        [
          group(`export function create${type}(`, indent(SOFT, 'options: ModelOptions = {}', ifBroken(',')), SOFT, ')'),
          `: ${type} {`,
        ],
        `  return openEmitted<${type}Client>({ ...prepared, defaults, hooks }, options);`,
        '}',
      ],
      HARD,
    ),
  ]);
}
