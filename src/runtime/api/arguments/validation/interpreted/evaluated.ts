/** Which members of a value its schema has validated: what `unevaluatedProperties` and `unevaluatedItems` leave alone. */
export interface Evaluated {
  properties: Set<string> | true;
  /** How many of the first items; `true`: all. */
  items: number | true;
}

export const nothing = (): Evaluated => ({ properties: new Set(), items: 0 });

export function merge(into: Evaluated, { properties, items }: Evaluated): void {
  if (properties === true) into.properties = true;
  else addProperties(into, properties);
  addItems(into, items);
}

export function addProperties(into: Evaluated, names: Iterable<string>): void {
  if (into.properties !== true) for (const name of names) into.properties.add(name);
}

export function addItems(into: Evaluated, items: number | true): void {
  if (into.items !== true) into.items = items === true ? true : Math.max(into.items, items);
}
