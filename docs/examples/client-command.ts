import { connect } from 'openapi-mcp/client';

export async function toolsOf(command: string, args: readonly string[]): Promise<readonly string[]> {
  // The process is killed at the end of the block. It inherits only a few variables: pass the others in `env`.
  await using client = await connect({ command, args, env: { LANG: 'C' }, stderr: 'ignore' });
  return (await client.listTools()).map(({ name }) => name);
}
