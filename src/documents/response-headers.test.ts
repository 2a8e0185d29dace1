import { describe, expect, test } from 'vitest';
import { servedDocument, textOf } from './served-document.test.fixture.ts';

const api = servedDocument('response-headers.yaml');
const json = { 'content-type': 'application/json' };

describe('headers that the document declares', () => {
  test('reach the caller after the body, except secret ones, which are named', async () => {
    const headers = {
      ...json,
      location: '/jobs/7',
      'x-job-id': 'job-7781',
      'total-count': '48151',
      'next-page-token': 'abc123',
      'set-cookie': ['sid=very-secret', 'b=2'],
      'x-refresh-token': 'also-secret',
      'x-other': 'not declared',
    };
    api.replies({ status: 202, headers, body: '{"ok":true}' });
    const { content } = await api.call('startJob');
    expect(content).toMatchObject([
      { type: 'text', text: '{"ok":true}' },
      {
        text: [
          'Location: /jobs/7',
          'X-Job-Id: job-7781',
          'Total-Count: 48151',
          'Next-Page-Token: abc123',
          'Withheld because they may contain secrets: Set-Cookie, X-Refresh-Token.',
        ].join('\n'),
      },
    ]);
  });

  test.each([
    [200, 'x-range', 'X-Range: told'],
    [409, 'x-running-job', 'X-Running-Job: told'],
    [500, 'x-fault', 'X-Fault: told'],
  ])('are those of the status %i, its range or the default', async (status, name, line) => {
    api.replies({ status, headers: { ...json, [name]: 'told' } });
    expect(textOf(await api.call('startJob'))).toContain(line);
  });

  test('are not those of another status', async () => {
    api.replies({ status: 200, headers: { ...json, 'x-job-id': 'job-1', 'x-fault': 'none' } });
    expect(textOf(await api.call('startJob'))).toBe('{}');
  });

  test('are added to the contents of a resource', async () => {
    const modified = 'Sun, 29 Nov 2026 01:02:03 GMT';
    api.replies({ headers: { ...json, 'last-modified': modified, authorization: 'Bearer very-secret' } });
    const template = api.operation('readReport').resource?.uriTemplate ?? '';
    const { contents } = await api.read(template.replace('{id}', '5'));
    expect(contents.map((part) => ('text' in part ? part.text : ''))).toEqual([
      '{}',
      `Last-Modified: ${modified}\nWithheld because they may contain secrets: Authorization.`,
    ]);
  });
});

describe('a challenge is explained in words', () => {
  test.each([
    [401, 'Bearer realm="secret realm", error="invalid_token", error_description="It has expired, renew it"'],
    [403, 'Bearer error="insufficient_scope", scope="read write", nonce="very-secret"'],
    [401, 'Negotiate c2VjcmV0dG9rZW4=, Basic realm="secret realm"'],
  ])('%i %s', async (status, challenge) => {
    api.replies({ status, headers: { ...json, 'www-authenticate': challenge } });
    const text = textOf(await api.call('startJob'));
    expect(text).toContain(
      {
        Be: challenge.includes('scope')
          ? 'The API asks for Bearer (error: insufficient_scope, scope: read write).'
          : 'The API asks for Bearer (error: invalid_token, error description: It has expired, renew it).',
        Ne: 'The API asks for Negotiate; or Basic.',
      }[challenge.slice(0, 2)],
    );
    expect(text).not.toMatch(/secret|c2Vj|WWW-Auth/i);
  });
});
