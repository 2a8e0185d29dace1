import { type ApiModel, visibleText } from '../model/index.ts';
import { readCuration } from './extension.ts';
import { isObject, prose, type Reader } from './reader.ts';

/**
 * The document's description of the API.
 *
 * @param chosen the name, if the user passed one
 */
export function apiInfo(
  chosen: string | undefined,
  reader: Reader,
): Pick<ApiModel, 'name' | 'title' | 'version' | 'description'> {
  const { root } = reader.document;
  const info = isObject(root.info) ? root.info : {};
  if (!isObject(root.info))
    reader.report('MISSING_INFO', '#', 'The document has no "info". The API is named "API", version "0".');
  const own = readCuration({ value: root, pointer: '#' }, reader);
  const title = own.title ?? prose(info, 'title') ?? 'API';
  const description = own.description ?? prose(info, 'description');
  const isVersion = typeof info.version === 'string' || typeof info.version === 'number';
  return {
    name: chosen ?? apiName(own.name ?? title),
    title,
    version: isVersion ? visibleText(String(info.version)) : '0',
    ...(description !== undefined && { description }),
  };
}

/** `Swagger Petstore - OpenAPI 3.1` → `swagger-petstore`: the authority of resource URIs. */
function apiName(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\b(?:rest|open|http)?[ _-]?api\b.*$|\b(?:openapi|swagger)\s+[\d.]+.*$/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return slug === '' ? 'api' : slug;
}
