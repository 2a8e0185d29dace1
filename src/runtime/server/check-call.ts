import { OptionError } from '../options/option-error.ts';
import { choice, listOf, required, shape, text, texts } from '../options/option-kinds.ts';
import type { Icon } from '../provider.ts';
import { checkName } from './name.ts';

/** Correct calls, for messages. */
const CALLS = {
  tool: "tool('add', { description: 'Adds.' }, (args) => …)",
  prompt: "prompt('greet', { arguments: { name: { required: true } } }, ({ name }) => …)",
  resource: "resource('notes://today', { name: 'today' }, () => …)",
} as const;

/**
 * Checks that name, options and handler are passed in this order.
 *
 * @throws OptionError
 */
export function checkCall(kind: keyof typeof CALLS, name: unknown, options: unknown, handler: unknown): void {
  const example = `Example: ${CALLS[kind]}`;
  if (typeof name !== 'string') throw new OptionError(`${kind}() takes a string first. ${example}`);
  if (kind !== 'resource') checkName(kind, name);
  if (typeof options === 'function') {
    throw new OptionError(
      `The options of the ${kind} "${name}" are missing before its handler; write {} for none. ${example}`,
    );
  }
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(`The ${kind} "${name}" takes an object of options after its name. ${example}`);
  }
  if (typeof handler !== 'function') {
    throw new OptionError(`The ${kind} "${name}" has no handler. Pass it as the third argument. ${example}`);
  }
}

const LAST = 'Pass the handler as the third argument.';
/** Other libraries' names for the handler and the name, if passed as options. */
export const HANDLER_HINTS = {
  handler: LAST,
  execute: LAST,
  callback: LAST,
  cb: LAST,
  run: LAST,
  load: LAST,
  read: LAST,
  fn: LAST,
};

export const ICONS = listOf(
  'icons',
  shape<Icon>({ src: required(text), mimeType: text, sizes: texts, theme: choice({ light: true, dark: true }) }),
);
