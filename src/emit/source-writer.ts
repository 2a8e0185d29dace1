import type { ImportDeclarationStructure, OptionalKind } from 'ts-morph';

/** A source file: what stands at its top, its imports, and its declarations as they are laid out. */
export interface SourceFile {
  readonly header: string;
  readonly imports: readonly OptionalKind<ImportDeclarationStructure>[];
  readonly declarations: readonly string[];
}

/** Writes a source file in one go. */
export type SourceWriter = (file: SourceFile) => string;

/** ts-morph is loaded only when a project is generated: it brings the TypeScript compiler. */
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

/** As organised imports are: folders above first. */
const byModule = (a: { readonly moduleSpecifier: string }, b: { readonly moduleSpecifier: string }): number =>
  a.moduleSpecifier < b.moduleSpecifier ? -1 : 1;
