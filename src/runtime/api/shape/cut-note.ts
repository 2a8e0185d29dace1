import type { Operation } from '../../../model/index.ts';
import type { Cut } from './cut-json.ts';

/** Says what was cut from a response, and how to get it. */
export function cutNote(cuts: readonly Cut[], maxResultBytes: number, operation: Operation): string {
  const shown = cuts.slice(0, MOST_PLACES).map(describe);
  const more = cuts.length - shown.length;
  const places = more > 0 ? [...shown, `and parts of ${number(more)} more places`] : shown;
  return `The response was cut to fit ${number(maxResultBytes)} bytes: showing ${places.join('; ')}. ${wayOn(operation)}`;
}

const MOST_PLACES = 5;

function describe({ path, unit, kept, total }: Cut): string {
  return `${number(kept)} of ${number(total)} ${unit}${path ? ` of \`${path}\`` : ''}`;
}

/** How to get the rest, or less data at once. */
export function wayOn({ response: { pagingArguments }, arguments: { properties } }: Operation): string {
  if (pagingArguments.length > 0) {
    const names = pagingArguments.map((name) => `\`${name}\``).join(', ');
    return `To reach the rest, use ${pagingArguments.length > 1 ? 'the arguments' : 'the argument'} ${names}.`;
  }
  return Object.keys(properties).length > 0
    ? 'To get less data at once, narrow the request with its arguments; --max-result raises the limit.'
    : 'The option --max-result raises the limit.';
}

export const number = (value: number): string => value.toLocaleString('en');
