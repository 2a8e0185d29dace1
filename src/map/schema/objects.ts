import { type JsonSchema, setOwn } from '../../model/index.ts';
import { documentPattern } from '../pattern.ts';
import { isObject, joinPointer, type Node } from '../reader.ts';
import { isSafeKey, safeKeys } from '../safe-key.ts';
import { badKeyword, partSchema, type Site, sameValueSchema } from './context.ts';

export function readProperties(site: Site): void {
  const { written, pointer, direction, draft, context, hidden } = site;
  const { properties } = written;
  if (!isObject(properties)) {
    if (properties !== null) badKeyword(site, 'properties', 'an object');
    return;
  }
  const kept: Record<string, JsonSchema> = {};
  const at = `${pointer}/properties`;
  const hiddenAccess = direction === 'input' ? 'readOnly' : 'writeOnly';
  for (const name of Object.keys(properties)) {
    if (hidden.has(name) && context.access.of(properties[name]) === hiddenAccess) continue;
    const converted = partSchema(site, properties[name], joinPointer(at, name));
    const key = keyOf(name, site);
    setOwn(kept, key, key === name ? converted : context.sentAs(converted, name));
  }
  draft.properties = kept;
}

export function readRequired(site: Site): void {
  const { written, pointer, hidden, draft, context } = site;
  const { required } = written;
  if (typeof required === 'boolean') {
    const message = '"required" is a list of property names next to "properties", not a boolean. It is ignored.';
    context.reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/required`, message);
  } else if (Array.isArray(required)) {
    const names = new Set<string>();
    for (const name of required) {
      if (typeof name !== 'string') badKeyword(site, 'required', 'a list of names');
      else if (!hidden.has(name)) names.add(keyOf(name, site));
    }
    if (names.size) draft.required = [...names];
  } else if (required !== null) badKeyword(site, 'required', 'a list of names');
}

export function readDependentRequired(site: Site): void {
  const { dependentRequired } = site.written;
  if (isObject(dependentRequired)) addDependentRequired(site, dependentRequired);
}

/** `dependencies`: up to draft 7, one keyword held both names and schemas. */
export function readDependencies(site: Site): void {
  const { dependencies } = site.written;
  if (!isObject(dependencies)) return;
  const schemas: Record<string, JsonSchema> = {};
  for (const [name, need] of Object.entries(dependencies)) {
    if (Array.isArray(need)) addDependentRequired(site, { [name]: need });
    else setOwn(schemas, name, sameValueSchema(site, need, joinPointer(site.pointer, 'dependencies', name)));
  }
  if (Object.keys(schemas).length) site.draft.dependentSchemas = schemas;
}

function addDependentRequired(site: Site, needs: Node): void {
  const { hidden, draft } = site;
  const rules = { ...(draft.dependentRequired as Record<string, string[]> | undefined) };
  for (const [name, need] of Object.entries(needs)) {
    if (!Array.isArray(need) || hidden.has(name)) continue;
    const names = need.filter((other): other is string => typeof other === 'string' && !hidden.has(other));
    setOwn(
      rules,
      keyOf(name, site),
      names.map((other) => keyOf(other, site)),
    );
  }
  draft.dependentRequired = rules;
}

export function readPatternProperties(site: Site, keyword: string): void {
  const { written, pointer, draft, context } = site;
  const patterns = written[keyword];
  if (!isObject(patterns)) {
    badKeyword(site, keyword, 'an object');
    return;
  }
  const kept: Record<string, JsonSchema> = {};
  for (const [pattern, schema] of Object.entries(patterns)) {
    const at = joinPointer(pointer, keyword, pattern);
    const verdict = documentPattern(pattern);
    if (verdict.kind === 'usable') setOwn(kept, verdict.pattern, partSchema(site, schema, at));
    else {
      const code = verdict.kind === 'broken' ? 'BAD_PATTERN' : 'CATASTROPHIC_PATTERN';
      const message = `${JSON.stringify(pattern)} cannot be used as a pattern: ${verdict.reason}. It is ignored.`;
      context.reader.report(code, at, message);
    }
  }
  draft[keyword] = kept;
}

/** The key of a property: its name, or a safe key if the name is not safe. */
function keyOf(name: string, site: Site): string {
  if (site.direction === 'output' || isSafeKey(name)) return name;
  const { properties } = site.written;
  site.keys ??= safeKeys(isObject(properties) ? Object.keys(properties) : []);
  return site.keys.get(name) ?? name;
}
