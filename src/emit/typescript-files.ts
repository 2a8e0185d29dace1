import type { Operation } from '../model/index.ts';
import { apiFiles, type OperationsFile, type TypeScriptOptions } from './api-files.ts';
import { brokenObject, interfaceText, laidOut, mentions, typeDeclaration } from './declarations.ts';
import { byteLength, type EmittedFile, MAX_FILE_BYTES } from './emitted-file.ts';
import { emittedImport } from './emitted-import.ts';
import { operationOutline } from './operation-outline.ts';
import type { Group, PlannedOperation, SharedType } from './project-plan.ts';
import { TYPES } from './runtime-names.ts';
import type { SourceFile } from './source-writer.ts';
import { commentLines, oneLine } from './text/comment.ts';
import { group, ifBroken, indent, joined, type Layout, LINE, SOFT } from './text/layout.ts';
import { property, typeKey } from './text/literal.ts';
import { docComment, memberComment, type SharedTypeName } from './text/type-text.ts';

/** All TypeScript files that depend on the model. */
export function typescriptFiles(options: TypeScriptOptions): EmittedFile[] {
  const groups = options.plan.groups.map((group) => ({ group, files: operationFiles(group, options) }));
  return [
    ...apiFiles(groups, options),
    ...schemaFiles(options),
    ...groups.flatMap(({ files }) => files.map(toEmitted)),
  ];
}

const toEmitted = ({ name, text }: OperationsFile): EmittedFile => ({
  path: `src/operations/${name}.ts`,
  text,
  owner: 'generated',
});

/** One file per tag; several if it would be too large. */
function operationFiles(group: Group, options: TypeScriptOptions): OperationsFile[] {
  return parts(group.operations, (operations) => operationsText(operations, options)).map(({ items, text }, index) => ({
    name: index === 0 ? group.file : `${group.file}.${index + 1}`,
    module: index === 0 ? group.name : `${group.name}_${index + 1}`,
    operations: items,
    text,
  }));
}

/** Splits the items in halves until each part fits into one file. */
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
      emittedImport('../', [
        TYPES.ClientCallOptions,
        ...(types.some((type) => mentions(type, 'word', TYPES.FileInput)) ? [TYPES.FileInput] : []),
        TYPES.OperationOutline,
      ]),
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
      `export const ${name}: ${TYPES.OperationOutline} = `,
      brokenObject(Object.entries(operationOutline(operation)).map(([key, value]) => property(key, value))),
      ';',
    ]),
  ];
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
  const parameters = [`args${optional}: ${type}Arguments`, `options?: ${TYPES.ClientCallOptions}`];
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

/** `schemas.ts`; if that would be too large, its parts and a file that re-exports them. */
function schemaFiles({ plan, header, write }: TypeScriptOptions): EmittedFile[] {
  const whole = (items: readonly SharedType[], shared: SharedTypeName, folder: './' | '../'): SourceFile => ({
    header,
    imports: [
      ...(items.some(({ type }) => mentions(type, 'word', TYPES.FileInput))
        ? [emittedImport(folder, [TYPES.FileInput])]
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
