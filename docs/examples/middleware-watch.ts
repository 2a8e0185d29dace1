import { type AuditEntry, auditLog, createServer, logging, timing } from 'openapi-mcp';

const server = createServer({ name: 'desk', version: '1.0.0' });
const slow: string[] = [];
const audit: AuditEntry[] = [];

server.use(
  // One line per call on stderr, with secrets hidden. `format: 'json'` for programs, `payload: true` to log arguments
  // and results.
  logging({ format: 'json', payload: true }),
  // Duration and outcome of every call: for a histogram, or to find slow calls.
  timing({ record: ({ target, ms }) => ms > 100 && slow.push(`${target}`) }),
  // Two entries per call. The call starts only after the first entry is written, so nothing goes unrecorded.
  auditLog({ write: async (entry) => void audit.push(entry) }),
);
server.tool(
  'log_in',
  { input: { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string' } } } },
  ({ user }) => `Welcome, ${user}.`,
);

export { audit, server as default, slow };
