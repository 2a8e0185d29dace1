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

  test('a text without ASCII letters is named by its hash', () => {
    expect(fileName('図形')).toMatch(/^x[0-9a-f]{6}$/);
    expect(typeName('図形')).toMatch(/^Schema[0-9a-f]{6}$/);
  });

  test('names that would be equal all get a hash, whatever their order', () => {
    const names = uniqueNames(['get_pet', 'getPet', 'addPet'], identifier);
    expect(names.get('addPet')).toBe('addPet');
    expect(names.get('getPet')).toMatch(/^getPet_[0-9a-f]{6}$/);
    expect(new Map([...uniqueNames(['addPet', 'getPet', 'get_pet'], identifier)].sort())).toEqual(
      new Map([...names].sort()),
    );
  });

  test('a name that the generated file uses is not assigned again', () => {
    expect(uniqueNames(['model'], identifier, ['model']).get('model')).toMatch(/^model_/);
  });
});
