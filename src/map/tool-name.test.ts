import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Origin } from '../model/index.ts';
import { toolNames } from './tool-name.ts';

const origin = (method: string, path: string, operationId?: string): Origin => ({
  pointer: '#',
  method,
  path,
  tags: [],
  deprecated: false,
  ...(operationId !== undefined && { operationId }),
});

describe('a tool is named', () => {
  test.each([
    ['by its operationId', origin('get', '/pets', 'listPets'), 'listPets'],
    ['keeping the structure that a slash gives', origin('get', '/x', 'issues/list-for-repo'), 'issues_list-for-repo'],
    ['without what no provider takes', origin('get', '/x', '1. Get the «pet»!'), 'Get_the_pet'],
    ['without accents', origin('get', '/x', 'créer'), 'creer'],
    ['by method and path where there is no operationId', origin('get', '/pets/{petId}'), 'get_pets_by_petId'],
    ['by method and path where the operationId has no letter of ASCII', origin('post', '/pets', '日本語'), 'post_pets'],
    ['by the method alone at the root', origin('get', '/'), 'get'],
  ])('%s', (_, given, want) => {
    expect(toolNames([given])).toEqual([want]);
  });

  test('one that is too long ends in a hash of method and path', () => {
    const [name] = toolNames([origin('get', '/x', 'a'.repeat(80))]);
    expect(name).toMatch(/^a{41}_[0-9a-f]{6}$/);
  });

  test('of two that fall together the one of that very operationId keeps it', () => {
    const [exact, other] = toolNames([origin('get', '/a', 'a_b'), origin('get', '/b', 'a/b')]);
    expect(exact).toBe('a_b');
    expect(other).toMatch(/^a_b_[0-9a-f]{6}$/);
  });

  test('two of the same operationId are both told apart', () => {
    const names = toolNames([origin('get', '/a', 'dup'), origin('get', '/b', 'dup'), origin('get', '/c', 'dup_2')]);
    expect(names[0]).toMatch(/^dup_[0-9a-f]{6}$/);
    expect(names[1]).toMatch(/^dup_[0-9a-f]{6}$/);
    expect(names[2]).toBe('dup_2');
    expect(new Set(names).size).toBe(3);
  });
});

test('names are legal, unique and independent of the order of the document', () => {
  const origins = fc.uniqueArray(
    fc.record({
      method: fc.constantFrom('get', 'post', 'delete'),
      path: fc.stringMatching(/^\/[a-z{}é/]{0,12}$/),
      operationId: fc.option(
        fc.oneof(fc.string(), fc.constantFrom('dup', 'a/b', 'a_b', 'a-b', '日本', 'x'.repeat(60))),
        {
          nil: undefined,
        },
      ),
    }),
    { selector: ({ method, path }) => `${method} ${path}`, maxLength: 12 },
  );
  fc.assert(
    fc.property(origins, fc.nat(), (given, seed) => {
      const list = given.map(({ method, path, operationId }) => origin(method, path, operationId));
      const names = toolNames(list);
      for (const name of names) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/);
      expect(new Set(names).size).toBe(names.length);
      const turn = list.length ? seed % list.length : 0;
      const turned = [...list.slice(turn), ...list.slice(0, turn)];
      expect(toolNames(turned)).toEqual([...names.slice(turn), ...names.slice(0, turn)]);
    }),
  );
});
