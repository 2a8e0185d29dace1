// Checks that made-up responses match their declarations: calls every operation through `mock`, and validates JSON with Ajv
// against the exact schema of the response in the document. Runs for one document: `node check-mocks.mjs <file>`; prints
// `{ operations, valid, uncallable, invalid }` as JSON. Operations whose success has no JSON do not count.
import { fileURLToPath } from 'node:url';
import { runCheck } from './run-check.mjs';

/** Each operation is called with all of them. */
const SEEDS = [1, 2, 3];

/** Ajv needs a minute for the schemas of a large document. */
const LIMIT_MS = 400_000;

/** Schemas are compiled once per document. */
const compilers = [];
const complete = new WeakMap();

/** @returns `{ operations, valid, uncallable, invalid, fault }`: `invalid` names pointers, `fault` is empty if there are none */
export async function checkMocks(file) {
  const { fault, value } = await runCheck(fileURLToPath(import.meta.url), [file], LIMIT_MS);
  if (fault) return { operations: 0, valid: 0, uncallable: [], invalid: [], fault: `mocks: ${fault}` };
  const { operations, invalid } = value;
  return {
    ...value,
    fault: invalid.length ? `${invalid.length} of ${operations} mocked responses are invalid, first ${invalid[0]}` : '',
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await check(process.argv[2])));

async function check(file) {
  const { openApi } = await import('../../dist/proxy.js');
  const apis = await Promise.all(
    SEEDS.map((mockSeed) => openApi(file, { cache: false, mock: true, mockSeed, declarations: true })),
  );
  const [{ model, declarations }] = apis;
  const responses = declarations.responses('exact');
  const counts = { operations: 0, valid: 0, uncallable: [], invalid: [] };
  for (const operation of model.operations) {
    const outcomes = [];
    for (const api of apis) outcomes.push(await outcomeOf(operation, api, responses));
    if (outcomes.every((outcome) => outcome === 'no JSON')) continue;
    counts.operations++;
    const refused = outcomes.find((outcome) => outcome.refused);
    const fault = outcomes.find((outcome) => outcome.fault);
    if (refused) counts.uncallable.push(`${operation.id}: ${refused.refused}`);
    else if (fault) counts.invalid.push(`${operation.origin.pointer}: ${fault.fault}`);
    else counts.valid++;
  }
  await Promise.all(apis.map(({ provider }) => provider.close()));
  return counts;
}

async function outcomeOf(operation, api, responses) {
  const [{ perform }, { AnswerHold, processBudget }, { exampleValue }, { isJsonType, essenceOf, responseFor }] =
    await Promise.all([
      import('../../dist/runtime/api/perform.js'),
      import('../../dist/runtime/api/read/index.js'),
      import('../../dist/runtime/api/schema/example-value.js'),
      import('../../dist/model/index.js'),
    ]);
  const { properties, required } = operation.arguments;
  const args = Object.fromEntries(
    required.map((name) => [name, exampleValue(properties[name] ?? true, api.model.schemas)]),
  );
  const hold = new AnswerHold(processBudget());
  try {
    const context = { signal: AbortSignal.timeout(60_000), progress() {} };
    const given = { operation, arguments: args };
    const { answer, status } = await perform(given, context, await api.performing(), hold);
    const content = responseFor(responses.of(operation.origin.pointer), status)?.contents[0];
    const type = essenceOf(content?.mediaType ?? '');
    if (
      operation.request.method === 'HEAD' ||
      content?.schema === undefined ||
      status === 204 ||
      !(isJsonType(type) || type === '*/*')
    )
      return 'no JSON';
    // Of text for any media type.
    if (type === '*/*' && answer.kind === 'text') return 'no JSON';
    if (answer.kind !== 'json') return { fault: `the response is ${answer.kind}` };
    return { fault: await faultOf(content.schema, responses.schemas, answer.value) };
  } catch (error) {
    const isRefused = ['INVALID_ARGUMENTS', 'FILE_REFUSED', 'UNSAFE_ARGUMENT'].includes(error.code);
    return isRefused ? { refused: error.message.split('\n')[0] } : { fault: error.stack };
  } finally {
    hold.release();
  }
}

/** By the product's Ajv: 19.99 is a multiple of 0.01, and patterns run in the linear-time engine. */
async function faultOf(schema, shared, value) {
  const [{ createSchemaCompiler }, { withDefs }] = await Promise.all([
    import('../../dist/runtime/api/arguments/validate-arguments.js'),
    import('../../dist/runtime/api/schema/schema-closure.js'),
  ]);
  if (compilers.length === 0) compilers.push(createSchemaCompiler());
  const [compile] = compilers;
  if (typeof schema === 'object' && !complete.has(schema)) complete.set(schema, withDefs(schema, shared));
  const check = await compile(complete.get(schema) ?? schema);
  if (!check) return 'the schema cannot be compiled';
  const [fault] = check(value);
  if (!fault) return undefined;
  const part = fault.path.reduce((at, key) => at?.[key], value);
  return `/${fault.path.join('/')} ${fault.keyword}, value ${(JSON.stringify(part) ?? 'none').slice(0, 120)}`;
}
