// Regenerates the projects in generated-examples/: `npm run examples`. `--check` also type-checks, builds and tests
// each of them, and the composite. `--install` packs this package, installs it outside this tree, and generates and
// installs projects of both kinds there, to detect missing files and dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateProject } from '../dist/generate.js';
import { writeProject } from './emitted-project.mjs';
import { print } from './print.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const TSC = fromRoot('node_modules/typescript/bin/tsc');

const EXAMPLES = {
  petstore: { document: fromRoot('test-specs/petstore.yaml'), options: {} },
  // Depends on this package, which is on no registry yet: it is built and tested with --install alone.
  'petstore-package': { document: fromRoot('test-specs/petstore.yaml'), options: { runtime: 'package' } },
  'security-schemes': { document: fromRoot('test-specs/security-schemes.yaml'), options: {} },
  // A large document, reduced to some tags.
  github: {
    document: fromRoot('test-specs/github/openapi.json'),
    options: { name: 'github', include: ['issues', 'pulls', 'gists', 'search'].map((tag) => `tag:${tag}`) },
  },
};

for (const [name, { document, options }] of Object.entries(EXAMPLES)) {
  const { files } = await generateProject(document, { ...options, cache: false });
  const folder = fromRoot(`generated-examples/${name}`);
  for (const entry of readdirOr(folder)) rmSync(join(folder, entry), { recursive: true });
  writeProject(folder, files);
  print(`${name}: ${files.length} files`);
}

if (process.argv.includes('--check')) {
  for (const [name, { options }] of Object.entries(EXAMPLES)) {
    if (options.runtime === 'package') continue;
    const folder = fromRoot(`generated-examples/${name}`);
    run(process.execPath, [TSC, '-p', folder], folder);
    run(process.execPath, ['scripts/finish-build.js'], folder);
    run(process.execPath, ['--test', 'dist/smoke.test.js'], folder);
    print(`${name}: its test passes`);
  }
  const composite = fromRoot('generated-examples/composite');
  run(process.execPath, [TSC, '-p', composite], composite);
  print(run(process.execPath, [fromRoot('scripts/examples/call-composite.mjs')], composite).trimEnd());
}

if (process.argv.includes('--install')) {
  const outside = mkdtempSync(join(tmpdir(), 'openapi-mcp-example-'));
  const npm = (...args) => run('npm', [...args, '--no-audit', '--no-fund'], outside);
  const packed = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', outside], fromRoot('.')));
  npm('init', '--yes');
  npm('install', `./${packed[0].filename}`);
  const bin = join(outside, 'node_modules/openapi-mcp/dist/bin/openapi-mcp.js');
  const command = (...args) => run(process.execPath, [bin, ...args], outside);
  const generated = (name, ...args) => {
    const project = join(outside, name);
    command('generate', EXAMPLES[name].document, '--no-cache', '--out', project, ...args);
    compare(project, fromRoot(`generated-examples/${name}`));
    return project;
  };
  const install = (project, ...args) => run('npm', ['install', '--no-audit', '--no-fund', ...args], project);

  const copied = generated('petstore');
  print(
    `openapi-mcp: packed (${packed[0].unpackedSize} bytes), installed outside the tree, generates what it generates here`,
  );
  install(copied);
  run('npm', ['test'], copied);
  // The oldest compiler that an emitted project is for.
  install(copied, '--no-save', 'typescript@5.9');
  run('npm', ['run', 'typecheck'], copied);
  print('petstore: installed outside the tree, its test passes, TypeScript 5.9 takes it too');

  const dependent = generated('petstore-package', '--runtime', 'package');
  install(dependent, join(outside, packed[0].filename));
  run('npm', ['test'], dependent);
  command('eject', dependent);
  compare(join(dependent, 'src'), join(copied, 'src'));
  install(dependent);
  run('npm', ['test'], dependent);
  rmSync(outside, { recursive: true, force: true });
  print('petstore-package: installed outside the tree, its test passes, and again when it is ejected');
}

/** Compares two folders, ignoring build output and the manifest, which the examples do not have. */
function compare(made, wanted) {
  const filesOf = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .filter((path) => !/^(?:\.openapi-mcp\.json$|(?:dist|node_modules)[\\/])/.test(path));
  const differing = [...new Set([...filesOf(made), ...filesOf(wanted)])].filter(
    (path) => textOf(join(made, path)) !== textOf(join(wanted, path)),
  );
  if (differing.length === 0) return;
  process.stderr.write(`The packed openapi-mcp generates different files: ${differing.join(', ')}\n`);
  process.exit(1);
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function readdirOr(folder) {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder);
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  process.stderr.write(`${command} ${args.join(' ')} failed in ${cwd}\n${stdout ?? ''}${stderr ?? ''}${error ?? ''}\n`);
  process.exit(1);
}
