import type { ElicitResult, ElicitRequest as SdkElicitRequest } from '@modelcontextprotocol/client';
import type { JsonSchemaObject } from '../model/index.ts';
import type { ElicitAnswer, ElicitRequest } from '../runtime/provider.ts';

/** The SDK's handler for a server's questions. Missing fields of an answer get the defaults of the form. */
export function elicitationHandler(
  answer: (request: ElicitRequest) => Promise<ElicitAnswer>,
): (request: SdkElicitRequest) => Promise<ElicitResult> {
  return async ({ params }) => {
    // This client does not declare support for URL elicitation.
    if (params.mode === 'url') return { action: 'decline' };
    const { message, requestedSchema } = params;
    // The SDK's type spells out the flat object of primitives.
    const given = await answer({ message, requestedSchema: requestedSchema as JsonSchemaObject });
    if (given.action !== 'accept') return { action: given.action };
    const content = { ...defaultsOf(requestedSchema as JsonSchemaObject), ...given.content };
    return { action: 'accept', content: content as NonNullable<ElicitResult['content']> };
  };
}

/** The defaults of a form (MCP, elicitation: default values). */
function defaultsOf({ properties = {} }: JsonSchemaObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, field]) =>
      typeof field === 'object' && field.default !== undefined ? [[name, field.default]] : [],
    ),
  );
}
