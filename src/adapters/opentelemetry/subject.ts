import type { Attributes } from '@opentelemetry/api';
import type { Call } from '../../runtime/middleware/middleware.ts';
import { short } from './names.ts';

/** What a request is about. */
export interface Subject {
  /** The tool or prompt that the client named. It may not exist. */
  readonly target?: string;
  /** Attributes with few distinct values, for spans and metrics. */
  readonly attributes: Attributes;
  /** The attributes of the target, for metrics only if it exists. */
  readonly named: Attributes;
  /** Attributes with many distinct values, for spans only. */
  readonly single: Attributes;
}

/** The subject of a call; `undefined` for lists, which are also requested by other calls. */
export function subjectOf(call: Call): Subject | undefined {
  const attributes = { 'mcp.method.name': call.method, ...connectionOf(call) };
  const single = requestOf(call);
  switch (call.method) {
    case 'tools/call': {
      const { name } = call.params;
      const named = { 'gen_ai.tool.name': short(name) };
      return { target: name, attributes: { ...attributes, 'gen_ai.operation.name': 'execute_tool' }, named, single };
    }
    case 'prompts/get': {
      const { name } = call.params;
      return { target: name, attributes, named: { 'gen_ai.prompt.name': short(name) }, single };
    }
    case 'resources/read': {
      // The query contains arguments.
      const [uri = ''] = call.params.uri.split(/[?#]/, 1);
      return { attributes, named: {}, single: { ...single, 'mcp.resource.uri': short(uri) } };
    }
    case 'completion/complete': {
      const { ref } = call.params;
      if (ref.type === 'resource') return { attributes, named: {}, single };
      return { target: ref.name, attributes, named: { 'gen_ai.prompt.name': short(ref.name) }, single };
    }
    default:
      return undefined;
  }
}

function connectionOf({ protocolVersion, requestHeader }: Call): Attributes {
  if (protocolVersion === undefined) return {};
  const network = requestHeader
    ? { 'network.transport': 'tcp', 'network.protocol.name': 'http' }
    : { 'network.transport': 'pipe' };
  return { 'mcp.protocol.version': protocolVersion, ...network };
}

function requestOf({ requestId, session }: Call): Attributes {
  return {
    ...(requestId !== '' && { 'jsonrpc.request.id': short(requestId) }),
    ...(session !== undefined && { 'mcp.session.id': session }),
  };
}
