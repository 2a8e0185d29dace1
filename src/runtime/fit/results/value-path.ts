import { memberPath } from '../../api/shape/cut-json.ts';
import { isRecord } from '../../is-record.ts';
import { nearest } from '../../text/nearest.ts';
import { parsedJson } from '../../text/parsed-json.ts';

// Paths into JSON, as notes on cut results write them: `items[3].user`, and `["first.name"]` for other names.

/** The steps of a path; a problem in words if it is not one. */
export function stepsOf(path: string): readonly (string | number)[] | { readonly problem: string } {
  const steps: (string | number)[] = [];
  const step = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  while (step.lastIndex < path.length) {
    const at = step.lastIndex;
    const [whole, name, index, quoted] = step.exec(path) ?? [];
    if (whole === undefined || (at === 0 && whole.startsWith('.'))) {
      return { problem: `"${path}" is not a path such as items[3].user or ["a b"].c.` };
    }
    if (name !== undefined && at > 0 && !whole.startsWith('.')) {
      return { problem: `"${path}" is not a path such as items[3].user or ["a b"].c.` };
    }
    const key = quoted === undefined ? name : (parsedJson(quoted) as string | undefined);
    if (key === undefined && index === undefined)
      return { problem: `"${path}" is not a path: ${quoted} is not a JSON string.` };
    steps.push(key ?? Number(index));
  }
  return steps;
}

/** The value at a path, or in words why there is none. */
export function valueAt(whole: unknown, path: string): { readonly value: unknown } | { readonly problem: string } {
  const steps = stepsOf(path);
  if ('problem' in steps) return steps;
  let value = whole;
  let at = '';
  for (const step of steps) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return { problem: `${named(at)} is not a list.` };
      if (step >= value.length) return { problem: `${named(at)} has ${value.length} items: 0 to ${value.length - 1}.` };
      value = value[step];
      at += `[${step}]`;
      continue;
    }
    if (!isRecord(value)) return { problem: `${named(at)} is ${kindOf(value)}, so it has no "${step}".` };
    if (!Object.hasOwn(value, step)) return { problem: missing(value, step, at) };
    value = value[step];
    at = memberPath(at, step);
  }
  return { value };
}

const named = (at: string): string => (at === '' ? 'The result' : `"${at}"`);

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const MOST_NAMES = 30;

function missing(value: Readonly<Record<string, unknown>>, step: string, at: string): string {
  const names = Object.keys(value);
  const close = nearest(step, names);
  if (close !== undefined) return `${named(at)} has no "${step}". Did you mean "${close}"?`;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return `${named(at)} has no "${step}". It has: ${shown}${names.length > MOST_NAMES ? ' …' : ''}.`;
}
