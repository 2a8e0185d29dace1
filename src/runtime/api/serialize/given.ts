/**
 * The value of an own key, or `undefined`. Keys come from documents and callers: `constructor` and `__proto__` are
 * ordinary names.
 */
export function given<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
