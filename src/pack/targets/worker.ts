import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { openTemplates } from '../../emit/templates.ts';
import { markdownText } from '../../emit/text/markdown.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { httpVariables } from '../http-server.ts';
import { PackError } from '../pack-error.ts';
import { countedTools, jsonText, PACKED_CONFIG, type PackFile, type PackSource } from '../pack-source.ts';
import { modelPath, workerConfig } from '../worker-config.ts';

/** The behaviour of the platform that the Worker was tested with. */
const COMPATIBILITY_DATE = '2026-01-01';

/** https://developers.cloudflare.com/workers/platform/limits/#worker-size, of the paid plan. */
const MOST_BYTES = 10_000_000;

/**
 * A Cloudflare Worker: the models of the documents and one file of code, for `wrangler deploy`.
 *
 * @throws PackError for a setting that a Worker cannot honour, and if it would be too large
 */
export async function workerFiles(source: PackSource): Promise<readonly PackFile[]> {
  const served = servedFiles(source);
  checkSize(served);
  const render = await openTemplates();
  const view = viewOf(source);
  return [
    { path: 'wrangler.jsonc', content: render('pack/wrangler.jsonc')(view) },
    { path: 'package.json', content: jsonText(manifest(source)) },
    { path: 'README.md', content: render('pack/worker-README.md')(view) },
    { path: '.gitignore', content: render('pack/worker-gitignore')({}) },
    { path: '.dev.vars.example', content: render('pack/dev.vars')(view) },
    { path: 'src/worker.js', content: render('pack/worker.js')(view) },
    ...served,
  ];
}

/** What is uploaded, without the few lines that put it together. */
function servedFiles({ config, models }: PackSource): readonly PackFile[] {
  const bundle = (name: string) => readFileSync(new URL(`dist/worker-bundle/${name}`, PACKAGE_ROOT));
  return [
    { path: 'src/openapi-mcp.js', content: bundle('openapi-mcp.js') },
    { path: 'src/THIRD-PARTY-LICENSES.txt', content: bundle('THIRD-PARTY-LICENSES.txt') },
    { path: PACKED_CONFIG, content: jsonText(workerConfig(config)) },
    ...Object.entries(models).map(([namespace, model]) => ({
      path: modelPath(namespace),
      content: `${JSON.stringify(model)}\n`,
    })),
  ];
}

function checkSize(files: readonly PackFile[]): void {
  const bytes = files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
  if (bytes <= MOST_BYTES) return;
  throw new PackError(
    `The Worker would have ${bytes} bytes compressed, but Cloudflare accepts ${MOST_BYTES}.`,
    'Serve fewer operations with --include, or use --target docker.',
  );
}

const manifest = ({ name, version }: PackSource) => ({
  name: `${name}-worker`,
  version,
  private: true,
  type: 'module',
  scripts: { dev: 'wrangler dev', deploy: 'wrangler deploy' },
  devDependencies: { wrangler: '^4.0.0' },
});

function viewOf(source: PackSource) {
  const { name, title, tools, config, models } = source;
  return {
    name,
    title: markdownText(title),
    count: countedTools(tools.length),
    date: COMPATIBILITY_DATE,
    config: PACKED_CONFIG,
    path: typeof config.path === 'string' ? config.path : '/mcp',
    models: Object.keys(models).map((namespace, index) => ({
      namespace,
      variable: `model${index + 1}`,
      file: modelPath(namespace),
    })),
    variables: httpVariables(source).map((variable) => ({
      name: variable.name,
      about: variable.description,
      cell: markdownText(variable.description),
      required: variable.isRequired ? 'yes' : 'no',
    })),
  };
}
