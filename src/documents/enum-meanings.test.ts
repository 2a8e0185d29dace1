import { expect, test } from 'vitest';
import { openApi } from '../proxy.ts';

const described = async (schema: object) => {
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a': {
        get: {
          operationId: 'a',
          parameters: [{ name: 'state', in: 'query', schema }],
          responses: { 200: { description: 'ok' } },
        },
      },
    },
  });
  const { provider, problems } = await openApi({ text }, { cache: false });
  const [tool] = await provider.listTools({});
  const state = tool?.inputSchema.properties?.state;
  return { description: typeof state === 'object' ? state.description : undefined, problems: problems.length };
};

test.each([
  [{ 'x-enumNames': ['Open', 'Closed'] }, 'State. Values: 0: Open, 1: Closed.'],
  [{ 'x-enum-varnames': ['Open', 'Closed'] }, 'State. Values: 0: Open, 1: Closed.'],
  [
    { 'x-enum-descriptions': ['It is open.', 'It is closed.'], 'x-enumNames': ['A', 'B'] },
    'State. Values: 0: It is open, 1: It is closed.',
  ],
  [{ 'x-enumDescriptions': { 0: 'Open', 1: 'Closed' } }, 'State. Values: 0: Open, 1: Closed.'],
  [
    {
      'x-ms-enum': {
        values: [
          { value: 0, name: 'Open' },
          { value: 1, name: 'Shut', description: 'Closed' },
        ],
      },
    },
    'State. Values: 0: Open, 1: Closed.',
  ],
  [{ 'x-enumNames': ['0', '1'] }, 'State.'],
  [{ 'x-enumNames': 'Open' }, 'State.'],
  [{ 'x-enumNames': ['x'.repeat(500)] }, 'State.'],
  [{ 'x-ms-enum': { name: 'State' } }, 'State.'],
])('%j explains an enum of numbers: %s', async (extension, description) => {
  expect(await described({ type: 'integer', description: 'State.', enum: [0, 1], ...extension })).toEqual({
    description,
    problems: 0,
  });
});
