import { isObject, type JsonObject } from './json.ts';

/** What a file looks like if it is not an OpenAPI document, and what to do about it. */
export interface Recognised {
  readonly what: string;
  readonly fix: string;
}

const CONVERT = 'Convert it to OpenAPI first.';

/** Formats recognised by a key at their root. */
const BY_KEY: readonly (readonly [key: string, what: string, fix: string])[] = [
  ['asyncapi', 'an AsyncAPI document (events, not HTTP calls)', 'Pass the OpenAPI document of the same service.'],
  ['overlay', 'an OpenAPI Overlay', 'Pass the document it changes, and this file with --overlay.'],
  ['arazzo', 'an Arazzo document (workflows over APIs)', 'Pass one of the documents under `sourceDescriptions`.'],
  ['openrpc', 'an OpenRPC document (JSON-RPC)', CONVERT],
  ['swaggerVersion', 'a Swagger 1.x document', 'Convert it to OpenAPI 3.1 and pass the result.'],
  ['raml', 'a RAML document', CONVERT],
  ['smithy', 'a Smithy model', 'Build its OpenAPI document (smithy build, plugin openapi).'],
  ['discoveryVersion', 'a Google API discovery document', CONVERT],
  ['__schema', 'a GraphQL schema', 'GraphQL APIs are not described by OpenAPI; pass the document of a REST API.'],
  ['mcpServers', 'the configuration of an MCP client', 'Pass the OpenAPI document of the API to serve.'],
  ['lockfileVersion', 'a package lock file', 'Pass the OpenAPI document of the API to serve.'],
];

/** What a parsed value looks like, if it is recognised. */
export function recogniseValue(value: unknown): Recognised | undefined {
  if (!isObject(value)) return undefined;
  for (const [key, what, fix] of BY_KEY) if (key in value) return { what, fix };
  const { info, data, log } = value;
  if (isObject(info) && ('_postman_id' in info || String(info.schema ?? '').includes('getpostman.com'))) {
    return {
      what: 'a Postman collection',
      fix: 'Export or convert it as OpenAPI (for example with Postman’s own converter).',
    };
  }
  if (isObject(data) && '__schema' in data) return recogniseValue(data);
  if (isObject(log) && 'entries' in log) return { what: 'a HAR file (recorded traffic)', fix: CONVERT };
  if (value._type === 'export') return { what: 'an Insomnia export', fix: 'Export it as OpenAPI.' };
  if ('apiVersion' in value && 'kind' in value) {
    return { what: 'a Kubernetes manifest', fix: 'Pass the OpenAPI document of the API to serve.' };
  }
  if ('dependencies' in value && 'name' in value) {
    return { what: 'a package.json', fix: 'Pass the OpenAPI document of the API to serve.' };
  }
  if (isJsonSchema(value))
    return { what: 'a JSON Schema', fix: 'Pass the document that contains the paths of the API.' };
  if (isErrorAnswer(value)) {
    return {
      what: 'the error response of a server',
      fix: 'Check the address; --document-header passes credentials for it.',
    };
  }
  return undefined;
}

const isJsonSchema = (value: JsonObject): boolean =>
  '$schema' in value ? String(value.$schema).includes('json-schema.org') : 'type' in value && 'properties' in value;

function isErrorAnswer(value: JsonObject): boolean {
  const known = ['error', 'errors', 'message', 'status', 'code', 'detail', 'documentation_url', 'title', 'type'];
  const keys = Object.keys(value);
  return ('error' in value || 'message' in value || 'detail' in value) && keys.every((key) => known.includes(key));
}

/** What a text looks like that is neither JSON nor YAML, or YAML only by accident. */
export function recogniseText(text: string): Recognised | undefined {
  const head = text.slice(0, 4000).trimStart();
  if (/^(<!--[^>]*-->\s*)*<(!doctype\s+html|html|head|body|script)\b/i.test(head)) return recogniseHtml(text);
  if (head.startsWith('<')) {
    const wsdl = /<(\w+:)?definitions\b/.test(head);
    return { what: wsdl ? 'a WSDL document (SOAP)' : 'XML', fix: CONVERT };
  }
  if (head.startsWith('#%RAML')) return { what: 'a RAML document', fix: CONVERT };
  if (/^FORMAT:\s*1A/.test(head)) return { what: 'an API Blueprint', fix: CONVERT };
  if (/^(syntax\s*=\s*["']proto|package\s+[\w.]+;)/m.test(head))
    return { what: 'a Protocol Buffers file', fix: CONVERT };
  if (/^(type|schema|extend type|interface|scalar|enum|input|directive)\b[^:\n]*\{/m.test(head)) {
    return {
      what: 'a GraphQL schema',
      fix: 'GraphQL APIs are not described by OpenAPI; pass the document of a REST API.',
    };
  }
  if (/^import\s+["']@typespec\//m.test(head)) {
    return {
      what: 'TypeSpec source',
      fix: 'Compile it (tsp compile, emitter @typespec/openapi3) and pass the result.',
    };
  }
  return undefined;
}

/** Documentation pages contain the address of their document. */
const SPEC_ADDRESS =
  /["'(=]([^"'()\s=]*(?:openapi|swagger|api-docs)[^"'()\s=]*\.(?:json|ya?ml)|[^"'()\s=]*\/v[23]\/api-docs[^"'()\s=]*)["')\s]/i;

/** The address of the document in a documentation page, possibly relative. */
export const documentLinkIn = (html: string): string | undefined => SPEC_ADDRESS.exec(html)?.[1];

function recogniseHtml(text: string): Recognised {
  const address = documentLinkIn(text);
  return {
    what: 'an HTML page',
    fix: address
      ? `Pass the document itself; the page links to "${address}".`
      : 'Pass the address of the document itself, often /openapi.json, /swagger.json or /v3/api-docs.',
  };
}
