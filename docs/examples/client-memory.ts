import { createServer } from 'openapi-mcp';
import { connect } from 'openapi-mcp/client';
import { z } from 'zod';

const server = createServer({ name: 'calculator', version: '1.0.0' });
server.tool(
  'add',
  { input: z.object({ a: z.number(), b: z.number() }), output: z.object({ sum: z.number() }) },
  (given) => ({
    sum: given.a + given.b,
  }),
);

export async function sum(a: number, b: number): Promise<number> {
  // Closed at the end of the block. `server` may be any Provider: fromOpenApi(), composite(), fromMcp() …
  await using client = await connect({ provider: server });

  // `output` types and validates the result; with `raiseOnError`, a failed call throws.
  const { structuredContent } = await client.callTool(
    'add',
    { a, b },
    { output: z.object({ sum: z.number() }), raiseOnError: true },
  );
  return structuredContent?.sum ?? 0;
}
