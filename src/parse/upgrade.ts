import { defined } from '../model/own.ts';
import type { Problem } from '../problems.ts';
import { problem } from '../problems.ts';
import type { Bundled } from './bundle.ts';
import { isObject, type JsonObject } from './json.ts';
import { BUNDLED_FILES, joinPointer, pointerOf } from './references.ts';
import { moved, strings, type UpgradeContext } from './upgrade/context.ts';
import { hasTracesOf2 } from './upgrade/mixed.ts';
import { upgradePathItem } from './upgrade/operation.ts';
import { upgradeParameter } from './upgrade/parameter.ts';
import { upgradeResponse } from './upgrade/response.ts';
import { SchemaUpgrade } from './upgrade/schema.ts';
import { upgradeSecurityScheme } from './upgrade/security.ts';
import { upgradeServers } from './upgrade/servers.ts';

export interface Upgraded {
  readonly root: JsonObject;
  readonly problems: readonly Problem[];
  readonly pointers: WeakMap<object, string>;
}

/**
 * Converts a document to OpenAPI 3.x. A 3.x document is returned unchanged; a Swagger 2.0 document is rebuilt, with a
 * pointer to the original place of every moved object. If a 3.x document uses keywords of 2.0, both rules apply:
 * anything that is already in 3.x form is kept.
 *
 * @param url of the document, if it came from the network: the default for `host` and `schemes` (2.0 "Swagger Object")
 */
export function upgrade(
  { root, pointers }: Pick<Bundled, 'root' | 'pointers'>,
  { shape, url }: { readonly shape: '2.0' | '3.x'; readonly url: string | undefined },
): Upgraded {
  const is3 = shape === '3.x';
  const places = is3
    ? hasTracesOf2(root)
    : ['components', 'servers', 'webhooks'].filter((key) => key in root).map((key) => pointerOf(key));
  if (is3 && places.length === 0) return { root, problems: [], pointers };
  const message = is3
    ? 'An OpenAPI 3 document has Swagger 2.0 keywords; they are read as in Swagger 2.0.'
    : 'A Swagger 2.0 document has an OpenAPI 3 keyword; it is read as in OpenAPI 3.';
  const upgraded = rebuild(root, pointers, url);
  const mixed = places.map((pointer) => problem('MIXED_VERSIONS', pointer, message));
  return { ...upgraded, problems: [...mixed, ...upgraded.problems] };
}

/** Keys of 2.0 that are converted. */
const REPLACED = new Set([
  ...['swagger', 'openapi', 'host', 'basePath', 'schemes', 'consumes', 'produces', 'servers', 'paths', 'components'],
  ...['definitions', 'parameters', 'responses', 'securityDefinitions', BUNDLED_FILES],
]);

function rebuild(root: JsonObject, known: WeakMap<object, string>, url: string | undefined): Upgraded {
  const problems: Problem[] = [];
  const context: UpgradeContext = {
    root,
    pointers: known,
    url,
    schemas: new SchemaUpgrade(root, known),
    consumes: strings(root.consumes),
    produces: strings(root.produces),
    say: (code, pointer, message) => problems.push(problem(code, pointer, message)),
  };
  const paths = mapEntries(root.paths, pointerOf('paths'), (item, pointer) => upgradePathItem(item, pointer, context));
  const bundled = context.schemas.file(root[BUNDLED_FILES]);
  // Last, because the paths have by now recorded which schemas they reference in places that no longer exist.
  const components = upgradeComponents(root, context);
  const kept = Object.fromEntries(Object.entries(root).filter(([key]) => !REPLACED.has(key)));
  return {
    root: {
      openapi: '3.2.0',
      ...kept,
      servers: isServers(root.servers) ? root.servers : upgradeServers(root, url),
      ...defined({ paths, components, [BUNDLED_FILES]: bundled }),
    },
    problems,
    pointers: known,
  };
}

const isServers = (servers: unknown): boolean => Array.isArray(servers) && servers.length > 0;

function upgradeComponents(root: JsonObject, context: UpgradeContext): JsonObject {
  const old = isObject(root.components) ? root.components : {};
  const { schemas } = context;
  const parameters = mapEntries(root.parameters, pointerOf('parameters'), (parameter, pointer) =>
    upgradeParameter(parameter, pointer, context),
  );
  const responses = mapEntries(root.responses, pointerOf('responses'), (response, pointer) =>
    upgradeResponse(response, pointer, { ...context, operationProduces: context.produces }),
  );
  const securitySchemes = mapEntries(root.securityDefinitions, pointerOf('securityDefinitions'), (scheme, pointer) =>
    moved(upgradeSecurityScheme(scheme), pointer, context),
  );
  const upgraded = schemas.inside(old, pointerOf('components')) as JsonObject;
  return {
    ...upgraded,
    parameters: { ...asEntries(parameters), ...asEntries(upgraded.parameters) },
    responses: { ...asEntries(responses), ...asEntries(upgraded.responses) },
    securitySchemes: { ...asEntries(securitySchemes), ...asEntries(upgraded.securitySchemes) },
    schemas: { ...asEntries(schemas.definitions()), ...asEntries(upgraded.schemas) },
  };
}

const asEntries = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Maps each value; returns anything that is not a map unchanged. `undefined` drops an entry. */
function mapEntries(map: unknown, pointer: string, each: (value: unknown, pointer: string) => unknown): unknown {
  if (!isObject(map)) return map;
  return Object.fromEntries(
    Object.entries(map)
      .map(([key, value]) => [key, each(value, joinPointer(pointer, key))] as const)
      .filter(([, value]) => value !== undefined),
  );
}
