import { type JsonSchema, type JsonSchemaObject, type Schemas, sharedName } from '../../../../../model/index.ts';
import { patternTest } from '../../../../pattern/pattern-test.ts';
import { isMultiple } from '../decimal.ts';
import { DIGITS_KEYWORD, digitsFaultOf, type Held } from '../digits.ts';
import { equalItems, sameValue } from '../equal-items.ts';
import { apply, type Group, type Keyword, type Place, report, type Site } from './apply.ts';
import { addItems, addProperties, type Evaluated, merge, nothing } from './evaluated.ts';

type Members = Readonly<Record<string, unknown>>;
const membersOf = ({ value }: Place): Members => value as Members;
const itemsOf = ({ value }: Place): readonly unknown[] => value as readonly unknown[];

/** A keyword that passes if `test` does. */
const simple =
  <Wanted>(
    keyword: string,
    test: (wanted: Wanted, value: never) => boolean,
  ): ((wanted: Wanted, site: Site) => boolean) =>
  (wanted, site) =>
    test(wanted, site.value as never) || report(site, { keyword, keywordValue: wanted });

/** Applies a schema to a part of the value, apart from what is evaluated here. */
const part = (schema: JsonSchema, site: Place, key: string | number): boolean =>
  apply(schema, { ...site, value: (site.value as Members)[key], path: [...site.path, key] }, nothing());

/** The errors of a schema that is only tried are not reported. */
function tried(schema: JsonSchema, site: Site, evaluated: Evaluated): boolean {
  // All of it, because what it evaluates counts even if it does not match.
  return apply(schema, { ...site, run: { ...site.run, first: false, faults: [] } }, evaluated);
}

/** Like `every()`; but every one is tried, unless the run ends at the first error. */
function all<T>(list: Iterable<T>, { run }: Place, test: (one: T) => boolean): boolean {
  let valid = true;
  for (const one of list) {
    if (test(one)) continue;
    valid = false;
    if (run.first) break;
  }
  return valid;
}

function ref(reference: string, site: Site): boolean {
  const { run, value, path, evaluated } = site;
  run.onVisit();
  return apply(run.defs[sharedName(reference) ?? ''] ?? true, { run, value, path }, evaluated);
}

function allOf(schemas: readonly JsonSchema[], site: Site): boolean {
  return all(schemas, site, (schema) => apply(schema, site, site.evaluated));
}

/** Tries branches until `most` match; each may evaluate other members. What they report comes before the error itself. */
const union =
  (keyword: 'anyOf' | 'oneOf', { most }: { readonly most: number }) =>
  (schemas: readonly JsonSchema[], site: Site): boolean => {
    const before = site.run.faults.length;
    let matches = 0;
    for (const schema of schemas) {
      const evaluated = nothing();
      if (!apply(schema, site, evaluated)) continue;
      merge(site.evaluated, evaluated);
      if (++matches > most) break;
    }
    if (matches === 0 || matches > most) return report(site, { keyword, keywordValue: schemas });
    site.run.faults.length = before;
    return true;
  };

function not(schema: JsonSchema, site: Site): boolean {
  return !tried(schema, site, nothing()) || report(site, { keyword: 'not', keywordValue: schema });
}

/** A schema without constraints. It evaluates nothing, as with Ajv. */
function acceptsAll(schema: JsonSchema, { run }: Place): boolean {
  if (typeof schema === 'boolean') return schema;
  const isRule = (keyword: string) => keyword === 'type' || run.groups.some(({ keywords }) => keywords.has(keyword));
  return !Object.keys(schema).some(isRule);
}

function conditional(condition: JsonSchema, site: Site): boolean {
  const { schema, evaluated } = site;
  const { then: yes = true, else: no = true } = schema;
  if (acceptsAll(yes, site) && acceptsAll(no, site)) return true;
  const clause = tried(condition, site, evaluated) ? yes : no;
  const own = nothing();
  if (!apply(clause, site, own)) return report(site, { keyword: 'if', keywordValue: condition });
  merge(evaluated, own);
  return true;
}

function pattern(wanted: string, site: Site): boolean {
  return (
    (patternTest(wanted)?.(site.value as string) ?? true) || report(site, { keyword: 'pattern', keywordValue: wanted })
  );
}

const format =
  (type: 'number' | 'string') =>
  (wanted: string, site: Site): boolean => {
    const { formats } = site.run;
    const known = Object.hasOwn(formats, wanted) ? formats[wanted] : undefined;
    if (known?.type !== type || known.test(site.value)) return true;
    return report(site, { keyword: 'format', keywordValue: wanted });
  };

function digits(held: Held, site: Site): boolean {
  const fault = digitsFaultOf(site.value as string, held, site.schema);
  return fault === undefined || report(site, { keyword: fault.keyword, keywordValue: fault.wanted });
}

function prefixItems(schemas: readonly JsonSchema[], site: Site): boolean {
  addItems(site.evaluated, schemas.length);
  const given = schemas.slice(0, itemsOf(site).length);
  return all(given.entries(), site, ([index, schema]) => part(schema, site, index));
}

function items(schema: JsonSchema, site: Site): boolean {
  const from = site.schema.prefixItems?.length ?? 0;
  addItems(site.evaluated, true);
  if (schema !== false || from === 0) return itemsFrom(from, schema, site);
  return (
    itemsOf(site).length <= from || report(site, { keyword: 'items', keywordValue: false, params: { limit: from } })
  );
}

const itemsFrom = (from: number, schema: JsonSchema, site: Site): boolean =>
  all(itemsOf(site).keys(), site, (index) => index < from || part(schema, site, index));

function contains(schema: JsonSchema, site: Site): boolean {
  const { minContains: min = 1, maxContains: max } = site.schema;
  const fails = () => report(site, { keyword: 'contains', keywordValue: schema, params: { min, max } });
  if (max === undefined && min === 0) return true;
  if (max !== undefined && min > max) return fails();
  if (!acceptsAll(schema, site)) addItems(site.evaluated, true);
  const before = site.run.faults.length;
  let count = 0;
  for (const index of itemsOf(site).keys()) {
    if (part(schema, site, index)) count++;
    if (max === undefined ? count >= min : count > max) break;
  }
  if (count < min || (max !== undefined && count > max)) {
    // The first error alone is that of the list, not of its items.
    if (site.run.first) site.run.faults.length = before;
    return fails();
  }
  site.run.faults.length = before;
  return true;
}

function uniqueItems(wanted: boolean, site: Site): boolean {
  const equal = wanted ? equalItems(itemsOf(site)) : undefined;
  if (!equal) return true;
  const [j, i] = equal;
  return report(site, { keyword: 'uniqueItems', keywordValue: wanted, params: { i, j } });
}

function unevaluatedItems(schema: JsonSchema, site: Site): boolean {
  const { items: from } = site.evaluated;
  site.evaluated.items = true;
  if (from === true) return true;
  if (schema !== false) return itemsFrom(from, schema, site);
  const keyword = 'unevaluatedItems';
  return itemsOf(site).length <= from || report(site, { keyword, keywordValue: false, params: { limit: from } });
}

function required(names: readonly string[], site: Site): boolean {
  const isThere = (name: string) => Object.hasOwn(membersOf(site), name);
  return all(
    names,
    site,
    (missingProperty) =>
      isThere(missingProperty) ||
      report(site, { keyword: 'required', keywordValue: names, params: { missingProperty } }),
  );
}

function propertyNames(schema: JsonSchema, site: Site): boolean {
  return all(Object.keys(membersOf(site)), site, (propertyName) => {
    const { run, path } = site;
    const before = run.faults.length;
    if (apply(schema, { run, path, value: propertyName }, nothing())) return true;
    // Errors in a name belong to the member.
    const inName = run.faults.splice(before);
    run.faults.push(...inName.map((fault) => ({ ...fault, params: { ...fault.params, propertyName } })));
    return report(site, { keyword: 'propertyNames', keywordValue: schema, params: { propertyName } });
  });
}

const matches = (source: string, name: string): boolean => patternTest(source)?.(name) ?? true;

function additionalProperties(schema: JsonSchema, site: Site): boolean {
  const { properties = {}, patternProperties = {} } = site.schema;
  site.evaluated.properties = true;
  const sources = Object.keys(patternProperties);
  const isKnown = (name: string) => Object.hasOwn(properties, name) || sources.some((source) => matches(source, name));
  return all(Object.keys(membersOf(site)), site, (name) => {
    if (isKnown(name)) return true;
    if (schema !== false) return part(schema, site, name);
    const keyword = 'additionalProperties';
    return report(site, { keyword, keywordValue: schema, params: { additionalProperty: name } });
  });
}

function properties(schemas: Schemas, site: Site): boolean {
  addProperties(site.evaluated, Object.keys(schemas));
  return all(
    Object.entries(schemas),
    site,
    ([name, schema]) => !Object.hasOwn(membersOf(site), name) || part(schema, site, name),
  );
}

function patternProperties(schemas: Schemas, site: Site): boolean {
  return all(Object.entries(schemas), site, ([source, schema]) => {
    const names = Object.keys(membersOf(site)).filter((name) => matches(source, name));
    addProperties(site.evaluated, names);
    return all(names, site, (name) => part(schema, site, name));
  });
}

function dependentRequired(wanted: Readonly<Record<string, readonly string[]>>, site: Site): boolean {
  const members = membersOf(site);
  return all(Object.entries(wanted), site, ([property, names]) => {
    if (!Object.hasOwn(members, property)) return true;
    return all(names, site, (missingProperty) => {
      if (Object.hasOwn(members, missingProperty)) return true;
      const params = { property, missingProperty };
      return report(site, { keyword: 'dependentRequired', keywordValue: wanted, params });
    });
  });
}

function dependentSchemas(schemas: Schemas, site: Site): boolean {
  return all(Object.entries(schemas), site, ([name, schema]) => {
    if (!Object.hasOwn(membersOf(site), name)) return true;
    const own = nothing();
    if (!apply(schema, site, own)) return false;
    merge(site.evaluated, own);
    return true;
  });
}

function unevaluatedProperties(schema: JsonSchema, site: Site): boolean {
  const { properties: known } = site.evaluated;
  site.evaluated.properties = true;
  if (known === true) return true;
  return all(Object.keys(membersOf(site)), site, (name) => {
    if (known.has(name)) return true;
    if (schema !== false) return part(schema, site, name);
    const keyword = 'unevaluatedProperties';
    return report(site, { keyword, keywordValue: schema, params: { unevaluatedProperty: name } });
  });
}

/** In characters, not in UTF-16 code units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

const count = (value: Members): number => Object.keys(value).length;

const FOR_ALL: readonly (readonly [string, Keyword])[] = [
  ['$ref', ref],
  ['const', simple('const', (wanted: unknown, value) => sameValue(wanted, value))],
  ['enum', simple('enum', (wanted: readonly unknown[], value) => wanted.some((one) => sameValue(one, value)))],
  ['not', not],
  ['anyOf', union('anyOf', { most: Number.POSITIVE_INFINITY })],
];
const FOR_ALL_LAST: readonly (readonly [string, Keyword])[] = [
  ['allOf', allOf],
  ['if', conditional],
];
const STRICT_ONE_OF: readonly [string, Keyword] = ['oneOf', union('oneOf', { most: 1 })];
const LENIENT_ONE_OF: readonly [string, Keyword] = ['oneOf', union('oneOf', { most: Number.POSITIVE_INFINITY })];

const group = (type: Group['type'], keywords: readonly (readonly [string, Keyword])[]): Group => ({
  type,
  keywords: new Map(keywords),
});

const FOR_TYPES: readonly Group[] = [
  group('number', [
    ['maximum', simple('maximum', (wanted: number, value: number) => value <= wanted)],
    ['minimum', simple('minimum', (wanted: number, value: number) => value >= wanted)],
    ['exclusiveMaximum', simple('exclusiveMaximum', (wanted: number, value: number) => value < wanted)],
    ['exclusiveMinimum', simple('exclusiveMinimum', (wanted: number, value: number) => value > wanted)],
    ['format', format('number')],
    ['multipleOf', simple('multipleOf', (wanted: number, value: number) => isMultiple(value, wanted))],
  ]),
  group('string', [
    ['maxLength', simple('maxLength', (wanted: number, value: string) => lengthOf(value) <= wanted)],
    ['minLength', simple('minLength', (wanted: number, value: string) => lengthOf(value) >= wanted)],
    ['pattern', pattern],
    ['format', format('string')],
    [DIGITS_KEYWORD, digits],
  ]),
  group('array', [
    ['maxItems', simple('maxItems', (wanted: number, { length }: readonly unknown[]) => length <= wanted)],
    ['minItems', simple('minItems', (wanted: number, { length }: readonly unknown[]) => length >= wanted)],
    ['prefixItems', prefixItems],
    ['items', items],
    ['contains', contains],
    // Applied by "contains".
    ['minContains', () => true],
    ['maxContains', () => true],
    ['unevaluatedItems', unevaluatedItems],
    ['uniqueItems', uniqueItems],
  ]),
  group('object', [
    ['maxProperties', simple('maxProperties', (wanted: number, value: Members) => count(value) <= wanted)],
    ['minProperties', simple('minProperties', (wanted: number, value: Members) => count(value) >= wanted)],
    ['required', required],
    ['propertyNames', propertyNames],
    ['additionalProperties', additionalProperties],
    ['properties', properties],
    ['patternProperties', patternProperties],
    ['dependentRequired', dependentRequired],
    ['dependentSchemas', dependentSchemas],
    ['unevaluatedProperties', unevaluatedProperties],
  ]),
];

/** The order of Ajv, whose engine for arguments and responses has two keywords of ours: errors are the same. */
export const STRICT: readonly Group[] = [group(undefined, [...FOR_ALL, STRICT_ONE_OF, ...FOR_ALL_LAST]), ...FOR_TYPES];
/** `oneOf` like `anyOf`. */
export const LENIENT: readonly Group[] = [
  group(undefined, [...FOR_ALL, ...FOR_ALL_LAST, LENIENT_ONE_OF]),
  ...FOR_TYPES,
];

/** The keywords of a schema that this engine cannot apply as Ajv would, because they are malformed. */
export function isMalformed({ $ref, enum: values }: JsonSchemaObject, defs: Schemas): boolean {
  if (values?.length === 0) return true;
  return $ref !== undefined && !Object.hasOwn(defs, sharedName($ref) ?? '');
}
