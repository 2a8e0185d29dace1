/**
 * The value of an own key, `undefined` where there is none. Keys come from documents and from callers: `constructor` and
 * `__proto__` are names like any other.
 */
export function given<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
