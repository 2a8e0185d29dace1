/**
 * A copy of an object with a property whose value is made when it is first read. Copies of that object, and its JSON, have
 * the value; if it is `undefined`, the property is absent from then on.
 */
export function madeLater<Target extends object, Value>(
  target: Target,
  key: keyof Target & string,
  make: () => Value,
): Target {
  const whole = { ...target };
  const get = (): Value => {
    const value = make();
    if (value === undefined) delete whole[key];
    else Object.defineProperty(whole, key, { value, enumerable: true });
    return value;
  };
  return Object.defineProperty(whole, key, { get, enumerable: true, configurable: true });
}
