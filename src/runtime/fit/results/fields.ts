import { isRecord } from '../../is-record.ts';
import { nearest } from '../../text/nearest.ts';

/** A field as its names: `user.login` → `['user', 'login']`. Lists are entered without being named. */
export type Field = readonly string[];

const MOST_FIELDS = 100;
const MOST_CHARACTERS = 200;

/** Reads `["id", "user.login", "labels[].name"]`; a problem in words if it is something else. */
export function readFields(given: unknown): { readonly fields: readonly Field[] } | { readonly problem: string } {
  const list = typeof given === 'string' ? given.split(',').map((name) => name.trim()) : given;
  const problem = '"fields" must be a list of names such as ["id", "user.login", "labels[].name"].';
  if (!Array.isArray(list) || list.length === 0) return { problem };
  if (list.length > MOST_FIELDS)
    return { problem: `"fields" has ${list.length} names; at most ${MOST_FIELDS} are allowed.` };
  const fields: Field[] = [];
  for (const name of list) {
    if (typeof name !== 'string' || name.length > MOST_CHARACTERS) return { problem };
    const field = name.replace(/\[\*?\]/g, '').split('.');
    if (field.some((part) => part === '')) return { problem: `"${name}" is not a field. ${problem}` };
    fields.push(field);
  }
  return { fields };
}

/** Fields that the value does not have anywhere, each with the names that are there instead. */
export function absentFields(value: unknown, fields: readonly Field[]): readonly string[] {
  return fields.flatMap((field) => absence(value, field, field.join('.')) ?? []);
}

function absence(value: unknown, [name, ...rest]: Field, written: string): string | undefined {
  if (name === undefined) return undefined;
  const places = records(value);
  // An empty list, or null, says nothing about the names of its items.
  if (places.length === 0) return undefined;
  const inner = places.filter((place) => Object.hasOwn(place, name)).map((place) => place[name]);
  if (inner.length > 0) return absence(inner, rest, written);
  const names = [...new Set(places.slice(0, 20).flatMap((place) => Object.keys(place)))];
  return `"${written}" is not in the result. ${meant(name, names)}`;
}

/** The objects of a value, in lists at any depth. */
function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.slice(0, 1_000).flatMap((item) => records(item));
  return isRecord(value) ? [value] : [];
}

export function meant(name: string, names: readonly string[]): string {
  const close = nearest(name, names);
  if (close !== undefined) return `Did you mean "${close}"?`;
  return names.length === 0 ? '' : `There is: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ' …' : ''}.`;
}
