import { expect, test } from 'vitest';
import type { HttpRequest } from '../runtime/api/http.ts';
import { CallsInFlight } from '../runtime/serve/calls-in-flight.ts';
import { fetchSenders } from './fetch-senders.ts';

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: 'http://127.0.0.1:1/a?key=secret',
  headers: [],
  signal: AbortSignal.timeout(5_000),
  ...more,
});
const { document, publicOnly, redirected } = fetchSenders(new CallsInFlight());

test.each(['http://127.0.0.1:1/', 'http://[::1]/', 'http://localhost/', 'http://169.254.169.254/latest'])(
  'an address that the document chose may not be private: %s',
  async (url) => {
    await expect(publicOnly(request({ url }))).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
    const redirect = redirected('https://api.example', false);
    await expect(redirect(request({ url }))).rejects.toMatchObject({ code: 'FORBIDDEN_ADDRESS' });
  },
);

test('errors name the host, and neither path nor query', async () => {
  await expect(document(request())).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
    message: '127.0.0.1:1 cannot be reached.',
  });
});

test('a timeout is not reported as a cancelled call', async () => {
  const ended = (reason: unknown) => document(request({ signal: AbortSignal.abort(reason) }));
  await expect(ended(new DOMException('late', 'TimeoutError'))).rejects.toMatchObject({ code: 'TIMEOUT' });
  await expect(ended('gone')).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a body that fetch would not send is refused, and not dropped', async () => {
  await expect(document(request({ body: '{}' }))).rejects.toMatchObject({ code: 'UNSAFE_ARGUMENT' });
});
