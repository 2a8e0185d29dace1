const makers = new WeakMap<object, () => unknown>();
const getters = new Map<string, (this: object) => unknown>();

/**
 * A copy of an object with a property whose value is made when it is first read. Copies of that object, and its JSON, have
 * the value; if it is `undefined`, the property is absent from then on.
 */
export function madeLater<Target extends object, Value>(
  target: Target,
  key: keyof Target & string,
  make: () => Value,
): Target {
  const whole = Object.assign({}, target);
  makers.set(whole, make);
  return Object.defineProperty(whole, key, { get: getterOf(key), enumerable: true, configurable: true });
}

/** One for all objects: V8 creates a hidden class for each getter. */
function getterOf(key: string): (this: object) => unknown {
  const getter = getters.get(key) ?? getterThatSettles(key);
  getters.set(key, getter);
  return getter;
}

function getterThatSettles(key: string) {
  return function (this: object): unknown {
    const value = makers.get(this)?.();
    makers.delete(this);
    if (value === undefined) Reflect.deleteProperty(this, key);
    else Object.defineProperty(this, key, { value, enumerable: true });
    return value;
  };
}
