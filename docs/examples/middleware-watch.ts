import { type AuditEntry, auditLog, createServer, logging, timing } from 'openapi-mcp';

const server = createServer({ name: 'desk', version: '1.0.0' });
const slow: string[] = [];
const audit: AuditEntry[] = [];

server.use(
  // One line a call to stderr; secrets are hidden. `format: 'json'` for programs, `payload: true` for what was said.
  logging({ format: 'json', payload: true }),
  // Every call with its time and outcome: for a histogram, or for the slow ones.
  timing({ record: ({ target, ms }) => ms > 100 && slow.push(`${target}`) }),
  // Two entries a call. It begins only when the first one is written, so that nothing happens off the record.
  auditLog({ write: async (entry) => void audit.push(entry) }),
);
server.tool(
  'log_in',
  { input: { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string' } } } },
  ({ user }) => `Welcome, ${user}.`,
);

export { audit, server as default, slow };
