// Precision and recall of recognised pagination on labelled operations: `npm run paging -- <folder of documents>`.
//
// The labels in `scripts/paging/*.json` were made by hand, by reading the documents. The operations were drawn at random
// for each kind of argument or field that may mean pages, and for none (`stratum`). A plan is right if its kind, its
// argument and the place of the next page are as labelled. `none`: the operation has no pages, or what looks like them is
// a filter. Operations that have pages are labelled so even if their document does not say enough to reach them.
//
// The rules were improved with `first.json` in view (from .96 and .80), and not changed for `held-out.json`.
//
//   --wrong   lists what is not as labelled
//
// Documents that are missing in the folder are skipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApi } from '../dist/proxy.js';

const [folder, ...flags] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run paging -- <folder> [--wrong]\n');
  process.exit(2);
}
const LABELS = fileURLToPath(new URL('./paging/', import.meta.url));

for (const file of readdirSync(LABELS).sort()) {
  const labels = JSON.parse(readFileSync(join(LABELS, file), 'utf8'));
  const judged = await judgeAll(labels);
  process.stdout.write(`\n${file}\n`);
  printTable(judged);
  if (flags.includes('--wrong')) printWrong(judged);
}

async function judgeAll(labels) {
  const plans = await plansOf(new Set(labels.map(({ document }) => document)));
  return labels.flatMap((label) => {
    const plan = plans.get(`${label.document} ${label.operation}`);
    if (plan === undefined) {
      process.stderr.write(`skipped: ${label.document} ${label.operation}\n`);
      return [];
    }
    return [{ ...label, plan, isRight: plan !== 'none' && accepted(label).some((expected) => agrees(expected, plan)) }];
  });
}

/** By document and operation. */
async function plansOf(documents) {
  const plans = new Map();
  for (const document of documents) {
    const path = join(folder, document);
    if (!existsSync(path)) continue;
    const api = await openApi(path, { cache: false, baseUrl: 'http://127.0.0.1' });
    for (const { origin, request, response } of api.model.operations)
      plans.set(`${document} ${request.method} ${origin.path}`, response.pagination ?? 'none');
    await api.provider.close();
  }
  return plans;
}

/** Several, where the document offers more than one way. */
function accepted({ expected }) {
  if (expected === 'none') return [];
  return Array.isArray(expected) ? expected : [expected];
}

function agrees({ kind, argument, next }, plan) {
  if (kind !== plan.kind) return false;
  return (argument ?? plan.argument) === plan.argument && (next === undefined || next === plan.next?.join('.'));
}

function printTable(judged) {
  const rows = [...grouped(judged)];
  process.stdout.write('sampled for     labelled  paged  found  right  precision  recall\n');
  for (const [name, some] of [...rows, ['all', judged]]) {
    const paged = some.filter((each) => accepted(each).length > 0).length;
    const found = some.filter(({ plan }) => plan !== 'none').length;
    const right = some.filter(({ isRight }) => isRight).length;
    const cells = [String(some.length).padStart(8), String(paged).padStart(7), String(found).padStart(7)];
    const shares = [share(right, found).padStart(11), share(right, paged).padStart(8)];
    process.stdout.write(`${name.padEnd(16)}${cells.join('')}${String(right).padStart(7)}${shares.join('')}\n`);
  }
}

function grouped(judged) {
  const groups = new Map();
  for (const each of judged) groups.set(each.stratum, [...(groups.get(each.stratum) ?? []), each]);
  return groups;
}

function share(part, whole) {
  return whole === 0 ? '-' : (part / whole).toFixed(3);
}

function printWrong(judged) {
  for (const { document, operation, expected, plan, isRight } of judged) {
    if (isRight || (expected === 'none' && plan === 'none')) continue;
    process.stdout.write(
      `${document} ${operation}\n  expected ${JSON.stringify(expected)}\n  found    ${JSON.stringify(plan)}\n`,
    );
  }
}
