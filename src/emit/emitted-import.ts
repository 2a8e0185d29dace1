import type { ImportDeclarationStructure, OptionalKind } from 'ts-morph';
import { type EmittedName, type SERVER_VALUES, TYPES } from './runtime-names.ts';

/** The import of names from `runtime/emitted.ts`; `folder` is the relative path to `src`. */
export function emittedImport(
  folder: './' | '../',
  names: readonly EmittedName[],
): OptionalKind<ImportDeclarationStructure> {
  const isTypeOnly = names.every(isType);
  return {
    isTypeOnly,
    moduleSpecifier: `${folder}runtime/emitted.ts`,
    namedImports: names.map((name) => ({ name, isTypeOnly: !isTypeOnly && isType(name) })),
  };
}

/** The same as text, for templates, which are all in `src`. */
export function emittedImportLine(names: readonly EmittedName[]): string {
  const named = names.map((name) => (isType(name) ? `type ${name}` : name));
  return `import { ${named.join(', ')} } from './runtime/emitted.ts';`;
}

/** The import of what users build a server with. */
export const serverImportLine = (names: readonly (keyof typeof SERVER_VALUES)[]): string =>
  `import { ${names.join(', ')} } from './runtime/emitted-server.ts';`;

const isType = (name: EmittedName): boolean => Object.hasOwn(TYPES, name);
