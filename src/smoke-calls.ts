import type { SmokeCall } from './emit/index.ts';
import type { ApiModel, JsonValue, Operation } from './model/index.ts';
import { exampleValue } from './runtime/api/schema/example-value.ts';
import { callContext } from './runtime/call-context.ts';
import { openModel } from './runtime/node/open-model.ts';
import { startMockApi } from './runtime/testing/mock-api.ts';

/** Number of operations to try, the simplest first. */
const TRIES = 10;

/**
 * A call for the smoke test of an emitted project, with arguments that a mock of the API has accepted; none if no tool
 * can be called without knowing the API.
 */
export async function findSmokeCalls(
  model: ApiModel,
  environment: Readonly<Record<string, string>>,
): Promise<readonly SmokeCall[]> {
  const candidates = model.operations
    .filter(({ tool }) => tool)
    .map((operation) => ({ operation, effort: effort(operation) }))
    .sort((a, b) => a.effort - b.effort)
    .slice(0, TRIES);
  if (candidates.length === 0) return [];
  const api = await startMockApi({ ...model, operations: candidates.map(({ operation }) => operation) });
  const { provider } = openModel(model, { baseUrl: api.url, environment });
  try {
    for (const { operation } of candidates) {
      const args = exampleArguments(operation, model);
      const name = operation.tool?.name ?? operation.id;
      const result = await provider.callTool({ name, arguments: args }, callContext());
      if (!result.isError && api.requests.length > 0)
        return [{ tool: name, method: operation.request.method, arguments: args }];
    }
    return [];
  } finally {
    await provider.close();
    await api.close();
  }
}

/**
 * Prefers few required arguments, no body, no credential, and a path parameter; otherwise the order of the document.
 */
function effort({ request, auth, arguments: { required } }: Operation): number {
  const unsafe = request.method === 'GET' ? 0 : 10;
  const secured = auth.every(({ schemes }) => schemes.length > 0) && auth.length > 0 ? 2 : 0;
  return Math.abs(required.length - 1) + unsafe + secured + (request.body ? 5 : 0);
}

function exampleArguments({ arguments: schema }: Operation, { schemas }: ApiModel): Record<string, JsonValue> {
  const required = schema.required.map((name) => [name, exampleValue(schema.properties[name] ?? true, schemas)]);
  return Object.fromEntries(required);
}
