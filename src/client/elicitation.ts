import type { ElicitResult, ElicitRequest as SdkElicitRequest } from '@modelcontextprotocol/client';
import type { JsonSchemaObject } from '../model/index.ts';
import type { ElicitAnswer, ElicitRequest } from '../runtime/provider.ts';

/** The SDK's handler for a server's questions. */
export function elicitationHandler(
  answer: (request: ElicitRequest) => Promise<ElicitAnswer>,
): (request: SdkElicitRequest) => Promise<ElicitResult> {
  return async ({ params }) => {
    // A URL to visit is not what this client has declared.
    if (params.mode === 'url') return { action: 'decline' };
    const { message, requestedSchema } = params;
    // The SDK's type spells out the flat object of primitives.
    const given = await answer({ message, requestedSchema: requestedSchema as JsonSchemaObject });
    if (given.action !== 'accept') return { action: given.action };
    return { action: 'accept', content: given.content as NonNullable<ElicitResult['content']> };
  };
}
