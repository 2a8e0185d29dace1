import { connectAll } from 'openapi-mcp/client';

export async function firstPets(pets: string) {
  await using clients = await connectAll({ pets, files: { command: 'files-mcp' } });
  return await clients.callTool('pets_listPets', { limit: 5 }, { raiseOnError: true });
}
