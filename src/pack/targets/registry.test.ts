import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { packBench } from '../pack.test.fixture.ts';

const bench = packBench();
const read = (path = 'server.json') => JSON.parse(readFileSync(join(bench.folder(), 'out', path), 'utf8'));

// The rules of https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json for what is written here.
const variable = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    isRequired: { type: 'boolean' },
    isSecret: { type: 'boolean' },
  },
  additionalProperties: false,
};
const http = {
  type: 'object',
  required: ['type', 'url'],
  properties: {
    type: { const: 'streamable-http' },
    url: { type: 'string', pattern: '^https?://[^\\s]+$' },
    headers: { type: 'array', items: variable },
  },
  additionalProperties: false,
};
const stdio = {
  type: 'object',
  properties: { type: { const: 'stdio' } },
  required: ['type'],
  additionalProperties: false,
};
const rules = {
  type: 'object',
  required: ['$schema', 'name', 'description', 'version'],
  properties: {
    $schema: { const: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json' },
    name: { type: 'string', minLength: 3, maxLength: 200, pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$' },
    title: { type: 'string', minLength: 1, maxLength: 100 },
    description: { type: 'string', minLength: 1, maxLength: 100 },
    version: { type: 'string', maxLength: 255 },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['registryType', 'identifier', 'transport'],
        properties: {
          registryType: { enum: ['npm', 'oci', 'mcpb'] },
          identifier: { type: 'string' },
          version: { type: 'string', minLength: 1, not: { const: 'latest' } },
          fileSha256: { type: 'string', pattern: '^[a-f0-9]{64}$' },
          runtimeHint: { type: 'string' },
          runtimeArguments: { type: 'array' },
          transport: { anyOf: [stdio, http] },
          environmentVariables: { type: 'array', items: variable },
        },
        additionalProperties: false,
      },
    },
    remotes: { type: 'array', items: http },
  },
  additionalProperties: false,
};

function validated() {
  const ajv = new Ajv({ strict: false });
  const server = read();
  ajv.validate(rules, server);
  expect(ajv.errors).toBe(null);
  return server;
}

test('names the npm package, its version, and the variables with what is secret', async () => {
  expect((await bench.pack('registry', '--as', 'io.github.me/pet-shop')).code).toBe(0);
  expect(validated()).toMatchObject({
    name: 'io.github.me/pet-shop',
    title: 'Pet shop',
    version: '1.2.0',
    packages: [
      {
        registryType: 'npm',
        identifier: 'pet-shop-mcp',
        version: '1.2.0',
        transport: { type: 'stdio' },
        environmentVariables: [
          {
            name: 'API_KEY_SHOP_KEY',
            description: 'shop_key: API key in header X-Shop-Key',
            isRequired: false,
            isSecret: true,
          },
        ],
      },
    ],
  });
});

test('names an image, a bundle with its hash, and the server that runs already', async () => {
  const url = 'https://github.com/me/pets/releases/download/v1/pet-shop.mcpb';
  const packages = ['--package', 'oci:ghcr.io/me/pet-shop:1.2.0', '--package', `mcpb:${url}`];
  const name = ['--as', 'io.github.me/pet-shop', '--public-url', 'https://pets.example/mcp'];
  await bench.pack('registry', '--target', 'mcpb', ...packages, ...name);
  const { packages: written, remotes } = read('registry/server.json');
  const bundle = readFileSync(join(bench.folder(), 'out/mcpb/pet-shop-1.2.0.mcpb'));
  expect(written[0]).toMatchObject({
    registryType: 'oci',
    identifier: 'ghcr.io/me/pet-shop:1.2.0',
    runtimeHint: 'docker',
  });
  expect(written[0].environmentVariables[0]).toMatchObject({
    name: 'OPENAPI_MCP_TOKEN',
    isRequired: true,
    isSecret: true,
  });
  expect(written[1]).toMatchObject({ identifier: url, fileSha256: createHash('sha256').update(bundle).digest('hex') });
  expect(remotes).toMatchObject([{ type: 'streamable-http', url: 'https://pets.example/mcp' }]);
});

test('a server that only runs somewhere has no package', async () => {
  await bench.pack('registry', '--as', 'com.example/pets', '--public-url', 'https://pets.example/mcp');
  const server = validated();
  expect(server.packages).toBe(undefined);
  expect(server.remotes).toHaveLength(1);
});

test.each([
  [[], 'The MCP Registry needs the name of the publisher.'],
  [['--as', '@me/pets'], 'The MCP Registry needs the name of the publisher.'],
  [['--as', 'io.github.me/pets', '--package', 'pypi:pets'], '--package: "pypi:pets" is not a package.'],
  [
    ['--as', 'io.github.me/pets', '--public-url', 'https://u:p@pets.example/'],
    '--public-url is not the URL of a server.',
  ],
  [['--as', 'io.github.me/Pets!'], '--as: "io.github.me/Pets!" cannot be the name of a pack.'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await bench.pack('registry', ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
