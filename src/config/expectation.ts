import { nearest } from '../runtime/text/nearest.ts';
import type { Spec } from './spec.ts';

/** What a spec expects, in the reader's words: `a whole number from 0 to 65535`. */
export function expectation(spec: Spec): string {
  switch (spec.kind) {
    case 'text':
      return 'a string';
    case 'number': {
      const { min, max, whole } = spec.range;
      return `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
    }
    case 'switch':
      return 'true or false';
    case 'choice':
      return `one of ${spec.choices.join(', ')}`;
    case 'list':
      return 'a list';
    case 'map':
    case 'object':
      return 'an object';
    case 'either':
      // The author of a file cannot write what only a program can pass.
      return [...new Set(spec.of.filter(({ kind }) => kind !== 'program').map(expectation))].join(' or ');
    case 'program':
      return spec.description;
    case 'code':
      return 'the path of a module';
    case 'named':
    case 'json':
      return 'a value';
  }
}

/** Describes a value. Never quotes a string, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return `${value}`;
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** `. Did you mean "debug"?`, or an empty string. */
export function didYouMean(value: string, known: readonly string[]): string {
  const meant = nearest(value, known);
  return meant === undefined ? '' : `. Did you mean "${meant}"?`;
}
