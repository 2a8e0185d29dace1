import type { ApiModel, Operation } from '../model/index.ts';
import type { TransportName } from '../runtime/serve/serve-defaults.ts';
import type { EmittedFile, Owner } from './emitted-file.ts';
import { emittedImportLine, serverImportLine } from './emitted-import.ts';
import { ownManifest } from './own-files.ts';
import { type PackageManifest, projectPackages } from './packages.ts';
import type { ProjectPlan } from './project-plan.ts';
import type { RuntimeKind } from './runtime-kind.ts';
import { SERVER_VALUES, TYPES, VALUES } from './runtime-names.ts';
import { openTemplates } from './templates.ts';
import { commentLines, oneLine } from './text/comment.ts';
import { indent, type Layout, render } from './text/layout.ts';
import { keyLiteral, literal, stringLiteral } from './text/literal.ts';
import { markdownText } from './text/markdown.ts';

/** A call in the smoke test. It was tried when the project was generated. */
export interface SmokeCall {
  readonly tool: string;
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface TemplateOptions {
  readonly plan: ProjectPlan;
  /** Without comment marks. */
  readonly header: string;
  readonly transport: TransportName;
  /** The variables of each security scheme, with a description. */
  readonly credentials: readonly {
    readonly scheme: string;
    readonly kind: string;
    readonly variables: readonly string[];
    readonly alternatives: readonly (readonly string[])[];
  }[];
  readonly calls: readonly SmokeCall[];
  readonly runtime: RuntimeKind;
}

const FILES: readonly (readonly [path: string, template: string, owner: Owner])[] = [
  ['package.json', 'package.json', 'user'],
  ['tsconfig.json', 'tsconfig.json', 'user'],
  ['biome.json', 'biome.json', 'user'],
  ['.gitignore', 'gitignore', 'user'],
  ['.gitattributes', 'gitattributes', 'user'],
  ['.dockerignore', 'dockerignore', 'user'],
  ['Dockerfile', 'Dockerfile', 'user'],
  ['scripts/finish-build.js', 'scripts/finish-build.js', 'generated'],
  ['src/index.ts', 'src/index.ts', 'user'],
  ['src/hooks.ts', 'src/hooks.ts', 'user'],
  ['src/smoke.test.ts', 'src/smoke.test.ts', 'generated'],
  ['.env.example', 'env.example', 'document'],
  ['README.md', 'README.md', 'document'],
];

export const templatePaths = (owner: Owner): readonly string[] =>
  FILES.filter(([, , theirs]) => theirs === owner).map(([path]) => path);

/** The files that do not depend on the types of the API. */
export async function templateFiles(options: TemplateOptions): Promise<EmittedFile[]> {
  const templates = await openTemplates();
  const view = viewOf(options);
  return FILES.map(([path, template, owner]) => ({
    path,
    owner,
    text: templates(template)(view),
  }));
}

function viewOf({ plan, header, transport, credentials, calls, runtime }: TemplateOptions) {
  const { model, file, type } = plan;
  const manifest = ownManifest();
  const packageName = `${file}-mcp`;
  const example = plan.groups[0];
  return {
    header,
    type,
    file,
    transport,
    imports: importLines(),
    names: { ...SERVER_VALUES, ...TYPES, ...VALUES },
    name: file,
    packageName,
    htmlHeader: header.replaceAll('--', '- -').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    namespace:
      file
        .replace(/^[^a-z]+/, '')
        .slice(0, 32)
        .replace(/-+$/, '') || 'api',
    title: markdownText(model.title),
    description: commentLines(model.description ?? '').map((line) => markdownText(line.trim())),
    credentials: credentials.map(({ scheme, kind, variables }) => ({
      about: oneLine(`${scheme}: ${kind}`),
      cell: markdownText(`${scheme}: ${kind}`),
      variables,
    })),
    exampleId: keyLiteral(model.operations[0]?.id ?? 'operation'),
    exampleGroup: example?.name ?? 'other',
    exampleCall: example?.operations[0]?.name ?? 'call',
    tools: model.operations.flatMap(toolRow),
    resources: listOrNothing(model.operations.flatMap(resourceRows)),
    environment: atColumn(literal(environmentOf(credentials)), 'const environment = '.length),
    calls: calls.map((call) => ({
      title: stringLiteral(`calls ${call.tool}`),
      tool: stringLiteral(call.tool),
      method: stringLiteral(call.method),
      arguments: atColumn(indent(indent(literal(call.arguments))), '    arguments: '.length),
    })),
    package: packageView({ name: packageName, file, model, runtime }, manifest),
  };
}

function packageView(
  {
    name,
    file,
    model,
    runtime,
  }: { readonly name: string; readonly file: string; readonly model: ApiModel; readonly runtime: RuntimeKind },
  manifest: PackageManifest,
) {
  const { dependencies, devDependencies } = projectPackages(runtime, manifest);
  return {
    name: json(name),
    description: json(oneLine(`MCP server of ${model.title}`)),
    bin: json({ [name]: 'dist/index.js' }),
    exports: json({ '.': exportOf(file), './runtime': exportOf('runtime/emitted-server') }),
    dependencies: json(dependencies),
    devDependencies: json(devDependencies),
  };
}

const exportOf = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });

/** What templates import from the runtime. */
function importLines() {
  const { composite, createServer, serveConnection, timeout, withMiddleware } = SERVER_VALUES;
  return {
    start: emittedImportLine([VALUES.loadEnvFile, VALUES.startServer]),
    server: serverImportLine([composite, createServer, timeout, withMiddleware]),
    mock: emittedImportLine([TYPES.MockApi, VALUES.startMockApi]),
    connection: serverImportLine([serveConnection]),
  };
}

/** A value whose first line starts in the given column. */
const atColumn = (layout: Layout, column: number): string => render(layout, { width: 120, column });

/** JSON in a file that is indented by two spaces. */
const json = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');

function toolRow({ tool, origin }: Operation) {
  if (!tool) return [];
  const request = markdownText(`${origin.method.toUpperCase()} ${origin.path}`);
  return [{ name: tool.name, request, about: firstWords(tool.title ?? tool.description) }];
}

function resourceRows({ resource }: Operation) {
  if (!resource) return [];
  const about = firstWords(resource.title ?? resource.description);
  return [resource.uri, resource.uriTemplate]
    .filter((uri) => uri !== undefined)
    .map((uri) => ({ uri: markdownText(uri), about }));
}

function firstWords(text: string): string {
  const line = oneLine(text);
  return markdownText(line.length > 120 ? `${line.slice(0, 119).trimEnd()}…` : line);
}

/** Templates cannot branch, so an optional section is a list with one item or none. */
const listOrNothing = <Item>(items: readonly Item[]): (readonly Item[])[] => (items.length ? [items] : []);

/** One way for each scheme is enough. The mock's host does not say which region and service of AWS it is. */
const environmentOf = (credentials: TemplateOptions['credentials']): Record<string, string> => {
  const needed = credentials.flatMap(({ alternatives: [first = []], variables }) => [
    ...first,
    ...variables.filter((name) => /^(?:\w+_)?AWS_(?:REGION|SERVICE)_/.test(name)),
  ]);
  return Object.fromEntries(needed.map((name) => [name, 'smoke-test']));
};
