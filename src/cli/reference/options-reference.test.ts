import { expect, test } from 'vitest';
import { markdownTable, optionsReference } from './options-reference.test.fixture.ts';

test('docs/cli.md matches the options table (npx vitest run src/cli/reference -u updates it)', async () => {
  await expect(`${REFERENCE_HEAD}\n\n${optionsReference()}\n`).toMatchFileSnapshot('../../../docs/cli.md');
});

const TARGETS = [
  [
    '`openapi-mcp.config.yaml`, or its folder',
    'a [config file](config.md): `[name.]openapi-mcp.config.{ts,mts,js,mjs,json,yaml,yml}`',
  ],
  [
    '`server.ts`, `server.js` …',
    'a module that exports a server or another `Provider`, as `default`, `server` or `provider`, or a function that returns one',
  ],
  ['`-- npx some-server`', 'the command of an MCP server, at the end of the line'],
  ['`mcp+https://host/mcp`', 'the URL of an MCP server; `--header` is sent with every request'],
  ['anything else', 'a `<document>`'],
];

const EXIT_CODES = [
  ['0', 'success'],
  [
    '1',
    'the document or a module cannot be used; lint found an error; a generated project was edited or is out of date; there is no such tool, resource or prompt; a result does not match its schema',
  ],
  ['2', 'the command line or a config file is wrong; the arguments do not match the schema of the tool'],
  ['3', 'network error: the document cannot be fetched, the port is in use, the API or the server cannot be reached'],
  ['4', 'a credential, or a variable that a config file needs, is missing; a credential was rejected'],
  ['5', 'the tool was called and returned an error'],
  ['130', 'interrupted; the call was cancelled on the server'],
];

const REFERENCE_HEAD = `# Command line

\`\`\`
openapi-mcp run [target…] [options]         serve documents, modules and other servers to MCP clients, over stdio or HTTP
openapi-mcp inspect [target…] [options]     show what would be served: tools, resources, sizes, problems
openapi-mcp generate <document> [options]   write a typed TypeScript project that serves a document
openapi-mcp eject [folder]                  copy the runtime into a project that depends on openapi-mcp
openapi-mcp lint <document> [options]       validate a document and give advice for models
openapi-mcp call <target> <tool> …          call one tool, with name=value or --args '<json>'
openapi-mcp list <target> [name]            list tools, resources, templates, prompts; the arguments of one
openapi-mcp read <target> <uri>             read one resource
openapi-mcp prompt <target> <name> …        print the messages of one prompt
openapi-mcp auth login [target]             log in to an API that needs a person; auth status, auth logout
openapi-mcp --version
openapi-mcp <command> --help
\`\`\`

\`<document>\` is a file or URL of an OpenAPI document; \`-\` reads it from stdin. The result of a command goes to stdout,
everything else to stderr. [commands.md](commands.md) shows \`call\`, \`list\`, \`read\` and \`prompt\` in use, and [auth-login.md](auth-login.md)
\`auth\`. This page is generated from \`src/options/\`.

## Targets

A \`<target>\` is one of these, checked in this order:

${markdownTable(['target', 'what it is'], TARGETS).join('\n')}

Without a target, \`run\` and \`inspect\` use the config file in the current folder. Several targets become one server, each
under its own namespace: \`run pets.json git=b.yaml\` has the tools \`pets_…\` and \`git_…\`, and reads credentials from
\`PETS_API_KEY_…\` and \`GIT_BEARER_TOKEN_…\`. A flag that applies to one API is then written with its namespace,
\`--base-url git=https://…\`, and can be repeated; switches, numbers and choices apply to all.

A config file runs the code and commands that it names: \`run\` (also with \`--dry-run\`), \`inspect\`, \`call\`, \`list\`,
\`read\` and \`prompt\` run its modules and its \`setup\`, start its commands and connect to its servers. A TypeScript or
JavaScript config is itself a program. In a folder that you do not trust, pass \`--no-exec\` to \`inspect\` or \`list\`:
modules, commands and servers are listed as not started, and only the OpenAPI documents are read. For a target that cannot
be shown without running it, the exit code is 2.

An API has 30 seconds to respond. A connected server has 600 seconds without a progress update, and a module has no limit;
\`--timeout\` also limits their calls, if given.

## Exit codes

${markdownTable(['exit code', 'meaning'], EXIT_CODES).join('\n')}`;
