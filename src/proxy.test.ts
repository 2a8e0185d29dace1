import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openApi } from './proxy.ts';
import { openEmitted } from './runtime/node/open-emitted.ts';

const PETSTORE = fileURLToPath(new URL('../test-specs/petstore.yaml', import.meta.url));
const open = (options: object) => openApi(PETSTORE, { cache: false, ...options });

describe('options of a program are checked before anything is opened', () => {
  test.each([
    [{ inclde: ['tag:pets'] }, 'openApi() has no option "inclde". Did you mean "include"?'],
    [{ include: 'tag:pets' }, 'openApi(): "include" must be a list of strings; got a string.'],
    [
      { profile: 'gpt' },
      'openApi(): "profile" must be one of generic, claude, openai, gemini, bedrock, cursor; got "gpt".',
    ],
    [
      { credentialPrefix: 'a b' },
      'openApi(): "credentialPrefix" must be letters, digits and "_", a letter first; got "a b".',
    ],
    [{ readOnly: 'yes' }, 'openApi(): "readOnly" must be true or false; got "yes".'],
    [{ timeoutMs: -1 }, 'openApi(): "timeoutMs" must be a number from 1 to 2147483647; got -1.'],
    [{ maxResultBytes: 0 }, 'openApi(): "maxResultBytes" must be a whole number of 1 or more; got 0.'],
    [
      { headers: ['A: b'] },
      'openApi(): "headers" must be an object of strings, or a list of [name, value]; got a list.',
    ],
    [{ serverVariables: { a: 1 } }, 'openApi(): "serverVariables" must be an object of strings; got an object.'],
    [JSON.parse('{"__proto__": {}}'), 'openApi() has no option "__proto__".'],
  ])('%j', async (options, want) => {
    await expect(open({ ...options })).rejects.toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining(want),
    });
  });

  test('a key with nothing in it is as none', async () => {
    const { provider, model } = await open({ baseUrl: undefined, profile: undefined, passphrase: undefined });
    await provider.close();
    expect(model.name).toBe('pet-shop');
  });

  test('also those of an emitted project, which has fewer', async () => {
    const { provider, model } = await open({});
    await provider.close();
    const emitted = { model, defaults: {}, hooks: {}, groups: {} };
    const options = { include: ['tag:pets'] } as object;
    expect(() => openEmitted(emitted, options)).toThrow('This API has no option "include".');
    expect(() => openEmitted(emitted, { timeoutMs: 0 })).toThrow('This API: "timeoutMs" must be a number from 1');
  });
});
