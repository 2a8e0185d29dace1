import { describe, expect, test } from 'vitest';
import { fileName, identifier, typeName, uniqueNames } from './names.ts';

describe('names of emitted code', () => {
  test.each([
    ['repos/get-content', 'reposGetContent', 'ReposGetContent', 'repos-get-content'],
    ['getPet', 'getPet', 'GetPet', 'getpet'],
    ['delete', 'deleteOperation', 'Delete', 'delete'],
    ['2fa', '_2fa', '_2fa', '2fa'],
    ['API', 'api', 'API', 'api'],
    ['Éclair', 'eclair', 'Eclair', 'eclair'],
    ['con', 'con', 'Con', 'con-api'],
    ['LPT1', 'lpt1', 'LPT1', 'lpt1-api'],
    ['then', 'thenOperation', 'Then', 'then'],
  ])('%s', (text, value, type, file) => {
    expect([identifier(text), typeName(text), fileName(text)]).toEqual([value, type, file]);
  });

  test('a text without a letter of ASCII is named by its hash', () => {
    expect(fileName('図形')).toMatch(/^x[0-9a-f]{6}$/);
    expect(typeName('図形')).toMatch(/^Schema[0-9a-f]{6}$/);
  });

  test('those that would share a name all get a hash, in whatever order they come', () => {
    const names = uniqueNames(['get_pet', 'getPet', 'addPet'], identifier);
    expect(names.get('addPet')).toBe('addPet');
    expect(names.get('getPet')).toMatch(/^getPet_[0-9a-f]{6}$/);
    expect(new Map([...uniqueNames(['addPet', 'getPet', 'get_pet'], identifier)].sort())).toEqual(
      new Map([...names].sort()),
    );
  });

  test('a name that the generated file has taken is not given again', () => {
    expect(uniqueNames(['model'], identifier, ['model']).get('model')).toMatch(/^model_/);
  });
});
