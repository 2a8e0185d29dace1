import { type Problem, problem } from '../problems.ts';
import { DocumentError } from './api-document.ts';
import { isObject, type JsonObject } from './json.ts';
import { recogniseValue } from './recognise.ts';

export interface DetectedVersion {
  /** As written (`3.0.3`), or inferred if the document does not declare it. */
  readonly version: string;
  /** The version to read it as. */
  readonly shape: '2.0' | '3.x';
  readonly problems: readonly Problem[];
}

/**
 * Detects the version that a parsed document declares.
 *
 * @throws DocumentError if it is not an OpenAPI document, with what it looks like and what to do
 */
export function detectVersion(value: unknown, location: string): DetectedVersion {
  if (!isObject(value)) throw notOpenApi(value, location);
  const { openapi, swagger } = value;
  if (isStated(openapi)) return openapiVersion(String(openapi), value, location);
  if (isStated(swagger)) return swaggerVersion(String(swagger), value, location);
  // Many formats have a key called `paths`; do not guess for those that are recognised as something else.
  if (!isObject(value.paths) || recogniseValue(value)) throw notOpenApi(value, location);
  const shape = looksLike2(value) ? '2.0' : '3.x';
  const version = shape === '2.0' ? '2.0' : '3.1.0';
  const message = `The document does not declare its version; it is read as ${version}.`;
  return { version, shape, problems: [problem('MISSING_VERSION', '#', message)] };
}

const isStated = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** `3.0.3`, `3.1`, `v3.0.0`, ` 3.0.0-rc1` */
const VERSION = /^\s*v?(\d+)(?:\.(\d+))?/i;

function openapiVersion(text: string, root: JsonObject, location: string): DetectedVersion {
  const version = text.trim();
  const [, major, minor] = VERSION.exec(version) ?? [];
  if (major === '3' && Number(minor ?? 0) <= 2) return { version, shape: '3.x', problems: [] };
  if (major === '2') return { version: '2.0', shape: '2.0', problems: [unknownVersion('openapi', version, '2.0')] };
  if (major !== undefined && major !== '3') throw unsupported(`OpenAPI ${version}`, location);
  return { version, shape: looksLike2(root) ? '2.0' : '3.x', problems: [unknownVersion('openapi', version, '3.2')] };
}

function swaggerVersion(text: string, root: JsonObject, location: string): DetectedVersion {
  const version = text.trim();
  const [, major] = VERSION.exec(version) ?? [];
  if (major === '2') return { version: version === '2' ? '2.0' : version, shape: '2.0', problems: [] };
  if (major === '1') throw unsupported(`Swagger ${version}`, location);
  const shape = major === '3' && !looksLike2(root) ? '3.x' : '2.0';
  return { version, shape, problems: [unknownVersion('swagger', version, shape === '2.0' ? '2.0' : '3.x')] };
}

const unknownVersion = (key: string, version: string, readAs: string): Problem =>
  problem('UNKNOWN_VERSION', `#/${key}`, `\`${key}: ${version}\` is not a known version; it is read as ${readAs}.`);

const unsupported = (what: string, location: string): DocumentError =>
  new DocumentError(`The document is ${what}, which is not supported.`, {
    location,
    fix: 'Convert it to OpenAPI 3.1 and pass the result.',
  });

/** Keys that occur only at the root of Swagger 2.0. */
const KEYS_OF_2 = ['host', 'basePath', 'schemes', 'consumes', 'produces', 'definitions', 'securityDefinitions'];
const KEYS_OF_3 = ['components', 'servers'];

function looksLike2(root: JsonObject): boolean {
  return KEYS_OF_2.some((key) => key in root) && !KEYS_OF_3.some((key) => key in root);
}

function notOpenApi(value: unknown, location: string): DocumentError {
  const { what, fix } = recogniseValue(value) ?? {
    what: isObject(value) ? `an object with the keys ${keysOf(value)}` : nameOf(value),
    fix: 'Pass an OpenAPI document: it starts with `openapi: 3.1.1`, or with `swagger: "2.0"`.',
  };
  return new DocumentError(`This is not an OpenAPI document; it looks like ${what}.`, { location, fix });
}

function keysOf(value: JsonObject): string {
  const keys = Object.keys(value).map((key) => `"${key.slice(0, 40)}"`);
  if (keys.length === 0) return '(none)';
  return keys.slice(0, 5).join(', ') + (keys.length > 5 ? ', …' : '');
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'plain text';
  return value === null || value === undefined ? 'nothing' : `a ${typeof value}`;
}
