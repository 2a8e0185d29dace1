import { expect, test } from 'vitest';
import { servedDocument } from './served-document.test.fixture.ts';

const api = servedDocument('dynamic-references.yaml');
const sentJson = () => JSON.parse(api.sent().body.toString()) as unknown;

test('none is reported', () => {
  expect(api.problems()).toEqual([]);
});

test('a tree is described at every level', async () => {
  const folder = { name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] };
  await api.call('createFolder', { folder });
  expect(sentJson()).toEqual({ folder });
  const nameless = { name: 'a', children: [{ name: 'b', children: [{}] }] };
  expect(await api.faults('createFolder', { folder: nameless })).toEqual([expect.stringContaining('name')]);
});

test('a JSON pointer acts as in $ref', async () => {
  expect(await api.faults('createFolder', { folder: { name: 'a' }, label: 'too long' })).toHaveLength(1);
});

test('a schema that extends a tree is what its children are, and the tree stays as it is', async () => {
  const children = [{ children: [{ date: 1 }] }];
  expect(await api.faults('createTrees', { open: { children } })).toEqual([]);
  expect(await api.faults('createTrees', { strict: { children } })).toEqual([expect.stringContaining('date')]);
  expect(await api.faults('createTrees', { strict: { children: [{ children: [{ data: 1 }] }] } })).toEqual([]);
});

test('each user of a template names its items', async () => {
  const pages = {
    users: { items: [{ login: 'ada' }], next: { items: [{ login: 'bob' }] } },
    invoices: { items: [{ total: 1.5 }] },
    numbers: { items: [1, 2] },
  };
  await api.call('replacePages', pages);
  expect(sentJson()).toEqual(pages);
  expect(await api.faults('replacePages', { users: { next: { items: [{ total: 1 }] } } })).toEqual([
    expect.stringContaining('login'),
  ]);
  expect(await api.faults('replacePages', { invoices: { items: [{ login: 'ada' }] } })).toHaveLength(1);
  expect(await api.faults('replacePages', { numbers: { items: ['1x'] } })).toHaveLength(1);
  const copies = Object.keys(api.model().schemas).filter((name) => name.startsWith('Page_'));
  expect(copies).toEqual(['Page_UserPage', 'Page_InvoicePage', 'Page_item']);
});
