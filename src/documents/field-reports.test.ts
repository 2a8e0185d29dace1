import { expect, test } from 'vitest';
import { describeBoth, textOf } from './served-document.test.fixture.ts';

// Kinds of documents that people have reported elsewhere, as a proxy and as an emitted project.

describeBoth('unquoted-enums.yaml', ({ call, sent, requests }) => {
  test('values that YAML took for numbers and booleans are sent as text', async () => {
    await call('listPets', { version: '1', vaccinated: 'true' });
    expect(sent().url).toBe('/pets?version=1&vaccinated=true');
  });

  test('others are rejected', async () => {
    expect(await call('listPets', { version: '3' })).toMatchObject({ isError: true });
    expect(requests).toEqual([]);
  });
});

describeBoth('compositions.yaml', ({ call, sent, tools }) => {
  test('a read-only property is not demanded where it is nested', async () => {
    await call('createUsers', { siblings: { name: 'x' } });
    expect(JSON.parse(sent().body.toString())).toEqual({ siblings: { name: 'x' } });
  });

  test('the children of a parent with a discriminator are offered, and sent under their names', async () => {
    expect(JSON.stringify((await tools()).find(({ name }) => name === 'addDrawing')?.inputSchema)).toContain(
      '"circle"',
    );
    await call('addDrawing', { shape: { kind: 'circle', r: 2 } });
    expect(JSON.parse(sent().body.toString())).toEqual({ shape: { kind: 'circle', r: 2 } });
  });
});

describeBoth('scaffolded.yaml', ({ call, sent, requests, tools }) => {
  test('operations with the same id and summary are distinguished by path', async () => {
    const listed = (await tools()).filter(({ name }) => name.startsWith('index'));
    expect(listed.map(({ name }) => name)).toEqual(['index_posts', 'index_comments']);
    expect(new Set(listed.map(({ description }) => description)).size).toBe(2);
    await call('index_comments');
    expect(sent().url).toBe('/comments');
  });

  test('a safe pattern is enforced', async () => {
    expect(textOf(await call('createPayment', { total: 'abc' }))).toContain('total');
    expect(requests).toEqual([]);
    await call('createPayment', { total: '12.50' });
    expect(JSON.parse(sent().body.toString())).toEqual({ total: '12.50' });
  });
});

describeBoth('exact-numbers.yaml', ({ call, sent }) => {
  test('digits beyond 2^53 are sent as they are', async () => {
    await call('deleteRecord', { id: '990000000262240065' });
    expect(sent().url).toBe('/records/990000000262240065');
  });
});

describeBoth('media-types.yaml', ({ call, replies }) => {
  test('an event stream in place of JSON arrives as its events', async () => {
    replies({ headers: { 'content-type': 'text/event-stream' }, body: 'data: one\n\ndata: two\n\n' });
    const result = await call('chat', { stream: true });
    expect(result.isError ?? false).toBe(false);
    expect(textOf(result)).toMatch(/one.*two/s);
    expect(textOf(result)).not.toContain('does not fit');
  });
});

describeBoth('response-headers.yaml', ({ call, replies }) => {
  test('declared headers reach the caller, and secret ones are withheld by name', async () => {
    const headers = { 'content-type': 'application/json', 'x-job-id': 'j7', 'set-cookie': 'session=s3cret' };
    replies({ status: 202, headers });
    const text = JSON.stringify(await call('startJob'));
    expect(text).toContain('j7');
    expect(text).toMatch(/set-cookie/i);
    expect(text).not.toContain('s3cret');
  });
});

describeBoth('dynamic-references.yaml', ({ call, sent, requests }) => {
  test('a tree is sent whole, and refused where a branch does not fit', async () => {
    const folder = { name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] };
    await call('createFolder', { folder });
    expect(JSON.parse(sent().body.toString())).toEqual({ folder });
    await call('createFolder', { folder: { name: 'a', children: [{}] } });
    expect(requests).toHaveLength(1);
  });
});
