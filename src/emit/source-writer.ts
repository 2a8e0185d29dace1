import type { ImportDeclarationStructure, OptionalKind } from 'ts-morph';

/** A source file: its header, its imports, and its declarations, already laid out. */
export interface SourceFile {
  readonly header: string;
  readonly imports: readonly OptionalKind<ImportDeclarationStructure>[];
  readonly declarations: readonly string[];
}

/** Writes a source file at once. */
export type SourceWriter = (file: SourceFile) => string;

/** ts-morph is loaded only when a project is generated, because it includes the TypeScript compiler. */
export async function openSourceWriter(): Promise<SourceWriter> {
  const { IndentationText, Project, QuoteKind, StructureKind } = await import('ts-morph');
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      quoteKind: QuoteKind.Single,
      useTrailingCommas: true,
    },
  });
  const importOf = (declaration: OptionalKind<ImportDeclarationStructure>): ImportDeclarationStructure => ({
    kind: StructureKind.ImportDeclaration,
    ...declaration,
  });
  return ({ header, imports, declarations }) => {
    const source = project.createSourceFile(
      'emitted.ts',
      {
        statements: [
          header,
          ...[...imports].sort(byModule).map((declaration) => importOf(declaration)),
          ...(declarations.length ? [`\n${declarations.join('\n\n')}`] : []),
        ],
      },
      { overwrite: true },
    );
    const text = source.getFullText();
    source.forget();
    return text;
  };
}

/** In the order of organised imports: parent folders first. */
const byModule = (a: { readonly moduleSpecifier: string }, b: { readonly moduleSpecifier: string }): number =>
  a.moduleSpecifier < b.moduleSpecifier ? -1 : 1;
