import { describe, expect, test } from 'vitest';
import { fromNamespaceUri, toNamespaceUri } from './namespace-uri.ts';

describe('the URI of a resource in a namespace', () => {
  test.each([
    { given: 'api://pets/list', want: 'api://git.pets/list' },
    { given: 'api://pets/list{?limit}', want: 'api://git.pets/list{?limit}' },
    { given: 'users://{id}/profile', want: 'users://git.{id}/profile' },
    { given: 'file:///readme', want: 'file://git./readme' },
    { given: 'urn:isbn:1', want: 'urn:git.isbn:1' },
    { given: 'git://git.example/a', want: 'git://git.git.example/a' },
    { given: '{+url}', want: 'git:{+url}' },
  ])('$given is $want, and finds its way back', ({ given, want }) => {
    expect(toNamespaceUri('git', given)).toBe(want);
    expect(fromNamespaceUri('git', want)).toBe(given);
  });

  test('nests', () => {
    expect(toNamespaceUri('outer', toNamespaceUri('inner', 'api://pets/'))).toBe('api://outer.inner.pets/');
  });

  test.each(['api://pets/list', 'api://github.pets/', 'readme', ''])(
    'of another namespace (%s) is recognised',
    (uri) => {
      expect(fromNamespaceUri('git', uri)).toBeUndefined();
    },
  );
});
