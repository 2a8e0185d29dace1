import { connect } from 'openapi-mcp/client';

export async function toolsOf(command: string, args: readonly string[]): Promise<readonly string[]> {
  // Ends the process, too, when the block ends. Only a few variables are inherited: give the others.
  await using client = await connect({ command, args, env: { LANG: 'C' }, stderr: 'ignore' });
  return (await client.listTools()).map(({ name }) => name);
}
