// Checks that made-up responses match their declarations: calls every operation with a JSON response through `--mock`, and
// validates the response with Ajv against the exact schema of the document. Runs for one document:
// `node check-mocks.mjs <file>`; prints `{ operations, valid, uncallable, invalid }` as JSON.
import { fileURLToPath } from 'node:url';
import { runCheck } from './run-check.mjs';

/** @returns `{ operations, valid, uncallable, invalid, fault }`: `invalid` names pointers, `fault` is empty if there are none */
export async function checkMocks(file) {
  const { fault, value } = await runCheck(fileURLToPath(import.meta.url), [file]);
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
  const [{ parseDocument }, { declaredResponses }, { openApi, parseOptions }, { openSenders }] = await Promise.all([
    import('../../dist/parse/index.js'),
    import('../../dist/map/declared-responses.js'),
    import('../../dist/proxy.js'),
    import('../../dist/runtime/node/senders.js'),
  ]);
  const [
    { perform },
    { AnswerHold, processBudget },
    { exampleValue },
    { withDefs },
    { isJsonType, essenceOf, responseFor },
  ] = await Promise.all([
    import('../../dist/runtime/api/perform.js'),
    import('../../dist/runtime/api/read/index.js'),
    import('../../dist/runtime/api/schema/example-value.js'),
    import('../../dist/runtime/api/schema/schema-closure.js'),
    import('../../dist/model/index.js'),
  ]);
  const document = await parseDocument(file, { ...parseOptions({}, openSenders({})), amend: undefined });
  const declared = declaredResponses(document);
  const api = await openApi(file, { cache: false, mock: true });
  const performing = await api.performing();
  const counts = { operations: 0, valid: 0, uncallable: [], invalid: [] };
  for (const operation of api.model.operations) {
    const responses = declared.of(operation.origin.pointer);
    const contents = responses.flatMap((response) => (/^(?:2|default)/.test(response.status) ? response.contents : []));
    if (
      !contents.some(
        (each) => isJsonType(essenceOf(each.mediaType)) && (each.schema !== undefined || each.examples.length),
      )
    )
      continue;
    counts.operations++;
    const hold = new AnswerHold(processBudget());
    try {
      const { properties, required } = operation.arguments;
      const args = Object.fromEntries(
        required.map((name) => [name, exampleValue(properties[name] ?? true, api.model.schemas)]),
      );
      const context = { signal: AbortSignal.timeout(60_000), progress() {} };
      const { answer, status } = await perform({ operation, arguments: args }, context, performing, hold);
      const content = responseFor(responses, status)?.contents[0];
      const schema = content?.schema ?? true;
      // Without a body or with another preferred media type, there is no JSON to be checked.
      const isJson =
        content !== undefined && (isJsonType(essenceOf(content.mediaType)) || /\*/.test(content.mediaType));
      if (!isJson || typeof schema === 'boolean') {
        counts.valid++;
        continue;
      }
      const value = answer.kind === 'empty' ? undefined : (answer.value ?? answer.text);
      const faults = await validated(withDefs(schema, declared.schemas), answer.kind === 'json' ? answer.value : value);
      if (faults === undefined) counts.valid++;
      else counts.invalid.push(`${operation.origin.pointer}: ${faults}`);
    } catch (error) {
      // Arguments of which no valid example can be made, as `--calls` reports.
      if (error.code === 'INVALID_ARGUMENTS' || error.code === 'FILE_REFUSED' || error.code === 'UNSAFE_ARGUMENT')
        counts.uncallable.push(`${operation.id}: ${error.message.split('\n')[0]}`);
      else counts.invalid.push(`${operation.origin.pointer}: ${error.stack.split('\n').slice(0, 2).join(' ')}`);
    } finally {
      hold.release();
    }
  }
  await api.provider.close();
  return counts;
}

/** Ajv as it is, except where its arithmetic or its engine for patterns is not that of the specification. */
async function validated(schema, value) {
  const { createSchemaCompiler } = await import('../../dist/runtime/api/arguments/validate-arguments.js');
  const check = await createSchemaCompiler()(schema);
  if (!check) return 'the schema cannot be compiled';
  const [fault] = check(value);
  return (
    fault &&
    `/${fault.path.join('/')} ${fault.keyword}, value ${(JSON.stringify(at(value, fault.path)) ?? '').slice(0, 120)}`
  );
}

const at = (value, path) => path.reduce((part, key) => part?.[key], value);
