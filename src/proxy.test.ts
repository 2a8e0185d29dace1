import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openApi } from './proxy.ts';
import { openEmitted } from './runtime/node/open-emitted.ts';

const PETSTORE = fileURLToPath(new URL('../test-specs/petstore.yaml', import.meta.url));
const open = (options: object) => openApi(PETSTORE, { cache: false, ...options });

describe('options of a program are checked before anything is opened', () => {
  test.each([
    [{ inclde: ['tag:pets'] }, 'The option "inclde" is not known. Did you mean "include"?'],
    [{ include: 'tag:pets' }, 'The option "include" must be a list of texts, and is a text.'],
    [
      { profile: 'gpt' },
      'The option "profile" must be one of generic, claude, openai, gemini, bedrock, cursor, and is "gpt".',
    ],
    [
      { credentialPrefix: 'a b' },
      'The option "credentialPrefix" must be letters, digits and "_", a letter first, and is "a b".',
    ],
    [{ readOnly: 'yes' }, 'The option "readOnly" must be true or false, and is a text.'],
    [{ timeoutMs: -1 }, 'The option "timeoutMs" must be a number from 1 to 2147483647, and is -1.'],
    [{ maxResultBytes: 0 }, 'The option "maxResultBytes" must be a whole number of 1 or more, and is 0.'],
    [{ headers: { A: 'b' } }, 'The option "headers" must be a list of [name, value], and is an object.'],
    [{ serverVariables: { a: 1 } }, 'The option "serverVariables" must be an object of texts, and is an object.'],
    [JSON.parse('{"__proto__": {}}'), 'The option "__proto__" is not known.'],
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
    expect(() => openEmitted(emitted, options)).toThrow('The option "include" is not known.');
    expect(() => openEmitted(emitted, { timeoutMs: 0 })).toThrow('The option "timeoutMs" must be a number from 1');
  });
});
