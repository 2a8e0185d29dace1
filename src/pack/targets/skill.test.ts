import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ended } from '../../cli/started.test.fixture.ts';
import { packBench } from '../pack.test.fixture.ts';

const bench = packBench();
const text = (path = 'SKILL.md') => readFileSync(join(bench.folder(), 'out', path), 'utf8');

/** By the rules of https://agentskills.io/specification. */
function frontmatter(): { readonly name: string; readonly description: string } {
  const [, yaml = ''] = /^---\n([\s\S]*?)\n---\n/.exec(text()) ?? [];
  const found = parse(yaml);
  expect(found.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  expect(found.name.length).toBeLessThanOrEqual(64);
  expect(found.description.length).toBeGreaterThan(0);
  expect(found.description.length).toBeLessThanOrEqual(1024);
  expect(found.description).not.toMatch(/[<>]/);
  expect(text().split('\n').length).toBeLessThanOrEqual(500);
  return found;
}

test('says when to use it, lists the tools by topic, and names the variables', async () => {
  expect((await bench.pack('skill')).code).toBe(0);
  expect(frontmatter()).toEqual({
    name: 'pet-shop',
    description:
      'Calls Pet shop from the command line. Pets of a shop, their photos and the orders for them. Use it when the user wants to read or change something there. Topics: pets, orders.',
  });
  expect(text()).toContain('### pets\n\n- `listPets`: List the pets\n- `addPet`: Add a pet\n');
  expect(text()).toContain('- `API_KEY_SHOP_KEY`: shop\\_key: API key in header X-Shop-Key');
  expect(text()).not.toContain(bench.folder());
});

test('its commands work in its folder', async () => {
  await bench.pack('skill');
  const [, call = ''] = /^openapi-mcp (call \. )<tool> name/m.exec(text()) ?? [];
  const cwd = join(bench.folder(), 'out');
  const words = [...call.trim().split(' '), 'addPet', 'name=Rex', 'species=dog'];
  const { code, stdout } = await ended(words, { cwd, env: bench.env({ API_KEY_SHOP_KEY: 'k-1' }) });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('name');
  const [, list = ''] = /^openapi-mcp (list \.)/m.exec(text()) ?? [];
  const listed = await ended(list.split(' '), { cwd, env: bench.env() });
  expect(listed.stdout).toContain('addPet');
});

test('many tools are in a file of their own', async () => {
  const operation = (at: number) => ({
    get: { operationId: `get${at}`, tags: [at % 2 ? 'odd' : 'even'], responses: {} },
  });
  const paths = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`/p${at}`, operation(at)]));
  const document = {
    openapi: '3.1.0',
    info: { title: 'Many <b>', version: '1', description: 'x'.repeat(2000) },
    paths,
  };
  writeFileSync(join(bench.folder(), 'many.json'), JSON.stringify(document));
  expect((await bench.run('pack', 'many.json', '--target', 'skill', '--out', 'out')).code).toBe(0);
  expect(frontmatter().name).toBe('many-b');
  expect(text()).toContain('- even (200 tools)\n- odd (200 tools)\n');
  expect(text()).not.toContain('`get0`');
  expect(text('references/tools.md')).toContain('- `get0`: ');
});

test('a short list needs no other file', async () => {
  await bench.pack('skill');
  expect(existsSync(join(bench.folder(), 'out/references'))).toBe(false);
});
