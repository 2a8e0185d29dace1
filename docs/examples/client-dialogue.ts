import { createServer } from 'openapi-mcp';
import { connect } from 'openapi-mcp/client';
import { z } from 'zod';

const server = createServer({ name: 'printer', version: '1.0.0' });
server.tool('print', { input: z.object({ pages: z.int() }) }, async ({ pages }, context) => {
  const answer = await context.elicit?.({
    message: `Print ${pages} pages?`,
    requestedSchema: { type: 'object', properties: { colour: { type: 'boolean' } } },
  });
  if (answer?.action !== 'accept') return 'Not printed.';
  for (let page = 1; page <= pages; page++) {
    context.signal.throwIfAborted();
    context.progress({ progress: page, total: pages, message: `page ${page}` });
    await new Promise((printed) => setTimeout(printed, 120));
  }
  context.log.warning('Paper is low.');
  return answer.content.colour ? 'Printed in colour.' : 'Printed.';
});

export async function print(pages: number, signal: AbortSignal) {
  const heard: string[] = [];
  await using client = await connect(
    { provider: server },
    {
      // Without this handler, the client declares no support for elicitation.
      onElicit: async ({ message }) => {
        heard.push(message);
        return { action: 'accept', content: { colour: true } };
      },
      onLog: (level, data) => heard.push(`${level}: ${data}`),
      onChange: (list) => heard.push(`the list of ${list} has changed`),
    },
  );
  // Aborting the signal also cancels the call on the server.
  const onProgress = ({ message = '' }) => void heard.push(message);
  const { content } = await client.callTool('print', { pages }, { signal, onProgress });
  return { content, heard };
}
