import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission } from '../../runtime/serve/http/admission.ts';
import { nodeHandler } from '../../runtime/serve/http/node-handler.ts';
import type { GuardedEndpoint } from './guarded-endpoint.ts';

/** Forms of an OAuth server are short. */
const MAX_PAGE_BYTES = 64 * 1024;

/** Responds to a request that does not go to the endpoint. */
export async function answer(
  admission: Exclude<Admission, { readonly kind: 'admitted' }>,
  request: IncomingMessage,
  response: ServerResponse,
  { onError }: Pick<GuardedEndpoint, 'onError'>,
): Promise<void> {
  if (admission.kind === 'page') {
    await nodeHandler({ fetch: admission.respond }, { maxBodyBytes: MAX_PAGE_BYTES, onError })(request, response);
    return;
  }
  const { status, text, headers } = admission.answer;
  response.writeHead(status, headers).end(text);
}
