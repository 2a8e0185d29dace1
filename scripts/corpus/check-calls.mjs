// Checks that every tool of a document has a call that its own validator accepts, made from its schema. Runs for one
// document: `node check-calls.mjs <file>`; prints `{ tools, refused }` as JSON. Tools that cannot be called according
// to a problem do not count.

import { fileURLToPath } from 'node:url';
import { runCheck } from './run-check.mjs';

/** @returns `{ tools, refused, fault }`: `refused` names tools with the reason, `fault` is empty if there are none */
export async function checkCalls(file) {
  const { fault, value } = await runCheck(fileURLToPath(import.meta.url), [file]);
  if (fault) return { tools: 0, refused: [], fault: `calls: ${fault}` };
  const { tools, refused } = value;
  return {
    tools,
    refused,
    fault: refused.length ? `${refused.length} of ${tools} tools refuse their example, first ${refused[0]}` : '',
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await check(process.argv[2])));

async function check(file) {
  const [{ openApi }, { exampleValue }, { createArgumentValidator }] = await Promise.all([
    import('../../dist/proxy.js'),
    import('../../dist/runtime/api/schema/example-value.js'),
    import('../../dist/runtime/api/arguments/validate-arguments.js'),
  ]);
  const { provider, problems } = await openApi(file, { cache: false });
  const named = new Set(problems.filter(({ code }) => code === 'UNSATISFIABLE_ARGUMENT').map(({ pointer }) => pointer));
  const validator = createArgumentValidator();
  const refused = [];
  const tools = await provider.listTools({});
  for (const { name, inputSchema } of tools) {
    const { $defs: shared = {}, ...schema } = inputSchema;
    const required = schema.required ?? [];
    const args = Object.fromEntries(
      required.map((key) => [key, exampleValue(schema.properties?.[key] ?? true, shared)]),
    );
    const operation = { arguments: { properties: {}, required: [], ...schema } };
    const [fault] = await validator.validate(operation, shared, args);
    // A text is not found for every pattern, so such a rejection proves nothing.
    if (fault && !fault.message.includes('must match the pattern')) refused.push(`${name}: ${fault.message}`);
  }
  await provider.close();
  return { tools: tools.length, refused: refused.length > named.size ? refused : [] };
}
