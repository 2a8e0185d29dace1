import type { JsonSchema, Schemas } from '../../model/index.ts';
import { segmentsOf } from '../../parse/references.ts';
import type { Direction } from '../access.ts';
import { referred } from '../in-place-chains.ts';
import { isObject, type RefTarget } from '../reader.ts';
import { safeKey, shortHash } from '../safe-key.ts';
import { NO_NAMES, type Place, type SchemaContext } from './context.ts';

/** This many levels are converted recursively; references from deeper levels are queued. */
const DEEPEST_AT_ONCE = 400;

export interface Definitions {
  /** Every referenced schema, once. */
  readonly schemas: Schemas;
  /** As in {@link SchemaContext}. */
  share(ref: string, place: Place, context: SchemaContext): string | undefined;
  /** Converts the queued schemas. */
  settle(): void;
}

/** @param differs whether the input form of a pointer's target differs from its output form */
export function createDefinitions(differs: (pointer: string) => boolean): Definitions {
  const schemas: Record<string, JsonSchema> = {};
  /** By variant, pointer and hidden names: the name in `schemas`. */
  const names = new Map<string, string>();
  const waiting: (() => void)[] = [];
  return {
    schemas,
    settle() {
      for (let next = waiting.pop(); next; next = waiting.pop()) next();
    },
    share(ref, place, context) {
      const { pointer, direction, level } = place;
      const target = referred(ref, pointer, context.reader);
      if (!target) return undefined;
      const isPlain =
        place.isPlain === true && isObject(target.value) && context.subtypes.of(target.value) !== undefined;
      // Most hidden names are not required by the target, or it hides them itself.
      const hidden = stillDemanded(target.value, direction, place.hidden, context);
      const isInput = direction === 'input' && differs(target.canonical);
      const variant = `${isInput ? 'Input' : ''}${isPlain ? 'Base' : ''}`;
      const key = [variant, target.canonical, ...hidden].join(' ');
      const known = names.get(key);
      if (known !== undefined) return known;
      const name = freeName(target, variant, key);
      names.set(key, name);
      schemas[name] = true;
      context.inPlace.search(target);
      // Without a variant both directions are the same; `output` keeps every name.
      const form = {
        pointer: target.pointer,
        direction: isInput ? 'input' : 'output',
        depth: 0,
        hidden,
        isPlain,
      } as const;
      const convert = (around: number) => {
        schemas[name] = context.convert(target.value, { ...form, level: around + 1 });
      };
      // In document order as far as possible: chains of references may have any length.
      if (level < DEEPEST_AT_ONCE) convert(level);
      else waiting.push(() => convert(0));
      return name;
    },
  };

  function freeName({ canonical }: RefTarget, variant: string, key: string): string {
    const parts = segmentsOf(canonical) ?? [];
    const component = parts[0] === 'components' && parts[1] === 'schemas' && parts.length === 3;
    const wanted = safeKey(component ? (parts[2] ?? '') : parts.slice(-3).join('_')).slice(0, 56) + variant;
    if (!Object.hasOwn(schemas, wanted) && wanted !== '__proto__') return wanted;
    const other = `${wanted}_${shortHash(canonical)}`;
    return Object.hasOwn(schemas, other) ? `${wanted}_${shortHash(key)}` : other;
  }
}

function stillDemanded(
  target: unknown,
  direction: Direction,
  hidden: ReadonlySet<string>,
  { access }: SchemaContext,
): ReadonlySet<string> {
  if (hidden.size === 0 || !isObject(target)) return NO_NAMES;
  const own = access.hidden(target, direction);
  const demanded = access.demanded(target);
  return new Set([...hidden].filter((name) => demanded.has(name) && !own.has(name)).sort());
}
