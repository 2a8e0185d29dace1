import type { Operation } from '../../model/index.ts';
import type { CallContext } from '../provider.ts';
import { shownRequest } from './exchange.ts';
import type { Performing } from './perform.ts';
import { prepareRequest, withFreeHeaders } from './prepare-request.ts';
import { httpRequest } from './send/send.ts';

/** The request that a call would send, without secrets and signatures. @throws CallError */
export async function previewRequest(
  call: { readonly operation: Operation; readonly arguments: Readonly<Record<string, unknown>> },
  context: CallContext,
  performing: Performing,
) {
  const { request, headers } = await prepareRequest(call, context, performing);
  const authorised = await performing.authoriser.authorise(call.operation, request, context);
  const conceal = performing.concealers({ tokens: {}, headers });
  return shownRequest(httpRequest(withFreeHeaders(authorised.request, headers), context.signal), conceal);
}
