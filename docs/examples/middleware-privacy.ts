import { createServer, fromOpenApi, maskErrors, redact, ToolError, withMiddleware } from 'openapi-mcp';

const seenByOperators: string[] = [];
const onError = (error: Error) => seenByOperators.push(error.message);

// Of your own handlers: the model is told that one failed; you are told why. A ToolError is meant for the model.
const server = createServer({ name: 'accounts', version: '1.0.0', maskErrors: true, onError });
server.tool('balance', {}, () => {
  throw new Error('connect ECONNREFUSED db.internal:5432');
});
server.tool('transfer', {}, () => {
  throw new ToolError('The amount must be positive.');
});

// Of a mount: what the model can mend (its arguments, most 4xx answers) is shown as it is.
const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
server.mount('pets', withMiddleware(pets, maskErrors({ onError })));

// Values of keys that name secrets, and texts that you name, never leave.
server.use(redact({ secrets: ['tr0ub4dor'] }));
server.tool('account', {}, () => ({ user: 'ann', apiKey: 'k-123', hint: 'it is tr0ub4dor' }));

export { seenByOperators, server as default };
