import { createServer } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({ name: 'notes', version: '1.0.0' });
const notes: string[] = [];

server.tool('add', { description: 'Keeps a note.', input: z.object({ note: z.string() }) }, ({ note }) => {
  notes.push(note);
  return `Kept ${notes.length}.`;
});

export default server;
