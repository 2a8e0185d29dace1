// Our client, as the official suite starts it: connects to the given URL, logs in if the server asks for it, and uses
// everything that the server offers. Usage: node scripts/conformance/client.mjs <url>; the scenario is in variables.
import { connect, login, memoryTokenStore } from '../../dist/client/index.js';

const {
  MCP_CONFORMANCE_SCENARIO: scenario = '',
  MCP_CONFORMANCE_CONTEXT: given,
  MCP_CONFORMANCE_PROTOCOL_VERSION,
} = process.env;
const url = process.argv.at(-1);
const context = JSON.parse(given || '{}');
// The first suite says no version: it only has scenarios of 2025.
const mode = (MCP_CONFORMANCE_PROTOCOL_VERSION ?? '2025') < '2026' ? 'legacy' : 'auto';
/** The document that the suite expects, where authorization servers read such documents. */
const clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';
const store = memoryTokenStore();

const client = await connect(
  { url, auth: auth() },
  { mode, timeoutMs: 20_000, reconnect: false, onElicit: async () => ({ action: 'accept', content: answer() }) },
);
try {
  await used().catch(async (error) => {
    // The server now names another authorization server: that it may is for the person to say, by logging in again.
    if (error.code !== 'CREDENTIAL_REFUSED' || scenario !== 'auth/authorization-server-migration') throw error;
    await logIn({});
    await used();
  });
} finally {
  await client.close();
}

async function used() {
  for (const { name, arguments: args } of await calls()) {
    // What a server answers to one call is not the subject of the scenario: the others must be made too.
    await client.callTool(name, args).catch((error) => {
      if (scenario.startsWith('auth/')) throw error;
      process.stderr.write(`${name}: ${error.message}\n`);
    });
  }
  const { capabilities = {} } = client;
  if (capabilities.resources) for (const { uri } of await client.listResources()) await client.readResource(uri);
  if (capabilities.prompts) for (const { name } of await client.listPrompts()) await client.getPrompt(name, {});
}

/** Defaults of the form are filled in for an answer without content. */
function answer() {
  return scenario.includes('request-state') ? { confirmed: true } : {};
}

async function calls() {
  const tools = await client.listTools();
  if (context.toolCalls) return context.toolCalls;
  if (scenario === 'json-schema-2020-12-preservation') return echoed(tools);
  return tools.map(({ name, inputSchema }) => ({ name, arguments: examplesOf(inputSchema) }));
}

/** The schema that was listed for one tool is an argument of the other. */
function echoed(tools) {
  const isEcho = ({ inputSchema }) => inputSchema.properties?.schema !== undefined;
  const echo = tools.find(isEcho);
  const focal = tools.find((tool) => !isEcho(tool));
  return [{ name: echo.name, arguments: { schema: focal.inputSchema } }];
}

function examplesOf({ properties = {} }) {
  const examples = { number: 2, integer: 2, boolean: true, string: 'text', array: [], object: {} };
  return Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, examples[type] ?? 'text']));
}

/** A machine's, if the scenario gives it a client for that; otherwise a person's, who agrees to everything. */
function auth() {
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey } = context;
  if (privateKey) return { clientId, privateKey };
  if (scenario === 'auth/client-credentials-basic') return { clientId, clientSecret };
  return { store, logIn: ({ scopes }) => logIn({ scopes, clientId, clientSecret }) };
}

function logIn(options) {
  const onUrl = (page) => {
    // The page redirects to the address that login() listens on.
    fetch(page).catch((error) => process.stderr.write(`${error.message}\n`));
  };
  return login(url, { store, clientMetadataUrl, onUrl, ...options });
}
