import { SUBSCHEMAS } from '../../model/index.ts';
import { isObject, type Node } from '../reader.ts';
import type { Profile } from './profile.ts';

/**
 * What a provider would reject in an input schema: one line each, with its place. Empty: accepted. It applies the rules
 * independently of `apply-profile.ts`.
 */
export function violations(inputSchema: unknown, profile: Profile): string[] {
  return violationsOf(inputSchema, profile, Number.POSITIVE_INFINITY);
}

/**
 * Finds the first violation in each of many schemas. A definition that several of them share is checked once, and only
 * until its first violation.
 */
export function createViolationSearch(profile: Profile): (inputSchema: unknown) => string | undefined {
  const known = new WeakMap<object, { readonly violation: string | undefined }>();
  return (inputSchema) => {
    if (!isObject(inputSchema) || !isObject(inputSchema.$defs) || profile.schema.inlined)
      return violationsOf(inputSchema, profile, 1)[0];
    const { $defs, ...root } = inputSchema;
    const [first] = violationsOf({ ...root, $defs: {} }, profile, 1);
    if (first !== undefined) return first;
    for (const [name, definition] of Object.entries($defs)) {
      if (!isObject(definition)) {
        if (profile.schema.keywords !== 'any') return `#/$defs/${name}: a boolean schema`;
        continue;
      }
      const told = known.get(definition) ?? { violation: violationsIn(definition, profile) };
      known.set(definition, told);
      if (told.violation !== undefined) return `#/$defs/${name}${told.violation}`;
    }
    return undefined;
  };
}

/** The first violation in a definition; its place is relative to the definition. */
function violationsIn(definition: Node, profile: Profile): string | undefined {
  const rules = { ...profile, schema: { ...profile.schema, notAtRoot: [] } };
  const [first] = violationsOf({ type: 'object', items: definition }, rules, 1);
  return first?.replace(/^#\/items/, '');
}

function violationsOf(inputSchema: unknown, profile: Profile, most: number): string[] {
  const found: string[] = [];
  const { schema: rules, propertyKey } = profile;
  if (!isObject(inputSchema)) return ['#: the root is not an object'];
  if (inputSchema.type !== 'object') found.push('#: the root is not "type": "object"');
  for (const keyword of rules.notAtRoot) if (keyword in inputSchema) found.push(`#: "${keyword}" at the root`);
  let deepest = 1;
  visit(inputSchema, '#', 1);
  // The limit applies to what references add; a flat list of many arguments may be longer.
  const size = rules.inlined && deepest > 3 && found.length < most ? JSON.stringify(inputSchema).length : 0;
  if (rules.inlined && size > rules.inlined.maxSize) found.push(`#: ${size} characters`);
  return found;

  function visit(schema: unknown, at: string, depth: number): void {
    if (found.length >= most) return;
    if (typeof schema === 'boolean') {
      if (rules.keywords !== 'any') found.push(`${at}: a boolean schema`);
      return;
    }
    if (!isObject(schema)) {
      found.push(`${at}: not a schema`);
      return;
    }
    deepest = Math.max(deepest, depth);
    if (rules.inlined && depth > rules.inlined.maxDepth)
      found.push(`${at}: deeper than ${rules.inlined.maxDepth} levels`);
    for (const keyword of Object.keys(schema)) checkKeyword(keyword, schema, at);
    checkShape(schema, at, depth);
    if (found.length >= most) return;
    for (const [name, child] of children(schema)) visit(child, `${at}/${name}`, depth + 1);
  }

  function checkKeyword(keyword: string, schema: Node, at: string): void {
    if (rules.keywords !== 'any' && !rules.keywords.includes(keyword)) found.push(`${at}: "${keyword}" is not known`);
    if (rules.refused.includes(keyword)) found.push(`${at}: "${keyword}" is refused`);
    const value = schema[keyword];
    if (keyword === 'type' && Array.isArray(value) && !rules.typeLists) found.push(`${at}: "type" is a list`);
    if (keyword === 'enum' && rules.enums === 'strings') {
      const strings =
        Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && each);
      if (!strings || schema.type !== 'string') found.push(`${at}: "enum" is not of strings`);
    }
    if (keyword === 'format' && rules.stringFormats !== 'any' && !rules.stringFormats.includes(String(value))) {
      found.push(`${at}: the format "${value}" is not known`);
    }
    if (keyword === 'anyOf' && rules.anyOfAlone && Object.keys(schema).length > 1)
      found.push(`${at}: "anyOf" not alone`);
    const limit = rules.inlined?.maxDescription;
    if (keyword === 'description' && limit !== undefined && String(value).length > limit) {
      found.push(`${at}: a description of ${String(value).length} characters`);
    }
    if (keyword === 'properties') {
      for (const key of Object.keys(isObject(value) ? value : {})) {
        if (!propertyKey.test(key)) found.push(`${at}: the key "${key}"`);
      }
    }
  }

  function checkShape(schema: Node, at: string, depth: number): void {
    if (schema.nullable !== undefined && schema.type === undefined) found.push(`${at}: "nullable" without "type"`);
    if (!rules.explicitShapes) return;
    const keys = Object.keys(isObject(schema.properties) ? schema.properties : {});
    if (schema.type === 'array' && schema.items === undefined) found.push(`${at}: a list without "items"`);
    if (schema.type !== 'array' && schema.items !== undefined) found.push(`${at}: "items" of no list`);
    if (schema.type !== 'object' && (schema.properties ?? schema.required))
      found.push(`${at}: "properties" of no object`);
    if (depth > 1 && schema.properties !== undefined && !keys.length) found.push(`${at}: empty "properties"`);
    for (const name of Array.isArray(schema.required) ? schema.required : []) {
      if (!keys.includes(name)) found.push(`${at}: "${name}" is required and not described`);
    }
  }
}

/** Each schema in a schema, with its place. */
function children(schema: Node): [string, unknown][] {
  return [...SUBSCHEMAS].flatMap(([name, form]): [string, unknown][] => {
    if (!(name in schema)) return [];
    if (form === 'one') return [[name, schema[name]]];
    return Object.entries(schema[name] ?? {}).map(([key, child]) => [`${name}/${key}`, child]);
  });
}

/** What a provider would reject in the name of a tool. */
export function nameViolations(name: string, { toolName }: Profile): string[] {
  const found: string[] = [];
  if (!toolName.pattern.test(name)) found.push(`"${name}" has other characters than ${toolName.pattern.source}`);
  if (name.length > toolName.maxLength) found.push(`"${name}" has more than ${toolName.maxLength} characters`);
  return found;
}
