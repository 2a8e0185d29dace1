// Generates the projects of generated-examples/ anew: `npm run examples`. With `--check` it also type-checks, builds and
// tests each of them, and the composite of them; with `--install` one is installed from the registry outside this tree,
// so that a missing dependency shows.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateProject } from '../dist/generate.js';
import { syntheticDocument } from './bench/synthetic.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const TSC = fromRoot('node_modules/typescript/bin/tsc');

const EXAMPLES = {
  petstore: { document: fromRoot('test-specs/petstore.yaml'), options: {} },
  'security-schemes': { document: fromRoot('test-specs/security-schemes.yaml'), options: {} },
  // Of a large document, what two tags hold.
  large: { document: syntheticDocument(1200), options: { include: ['tag:account', 'tag:harbour'] } },
};

for (const [name, { document, options }] of Object.entries(EXAMPLES)) {
  const { files } = await generateProject(document, { ...options, cache: false });
  const folder = fromRoot(`generated-examples/${name}`);
  for (const entry of readdirOr(folder)) rmSync(join(folder, entry), { recursive: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  print(`${name}: ${files.length} files`);
}

if (process.argv.includes('--check')) {
  for (const name of Object.keys(EXAMPLES)) {
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
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-example-'));
  cpSync(fromRoot('generated-examples/petstore'), folder, { recursive: true });
  run('npm', ['install', '--no-audit', '--no-fund'], folder);
  run('npm', ['test'], folder);
  rmSync(folder, { recursive: true, force: true });
  print('petstore: installed outside the tree, its test passes');
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

function print(text) {
  process.stdout.write(`${text}\n`);
}
