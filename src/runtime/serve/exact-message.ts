import { EXACT_INTEGERS_KEY, mayHoldLargeIntegers, replaceLargeIntegers } from '../api/arguments/exact-json.ts';
import { isRecord } from '../is-record.ts';

/**
 * Parses MCP messages like JSON.parse, except for the arguments of tool calls: there an integer that a double cannot
 * hold becomes a string of its digits, and `_meta` lists the integers beyond 2^53 that were numbers.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseMessage(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!mayHoldLargeIntegers(text)) return value;
  const integers = new Set<string>();
  const exact: unknown = JSON.parse(
    replaceLargeIntegers(text, (digits, number) => {
      integers.add(digits);
      return BigInt(Number(number)).toString() === digits ? number : `"${digits}"`;
    }),
  );
  if (integers.size === 0) return value;
  if (!Array.isArray(value)) return withArguments(value, exact, integers);
  return value.map((message, index) => withArguments(message, (exact as readonly unknown[])[index], integers));
}

function withArguments(message: unknown, exact: unknown, integers: ReadonlySet<string>): unknown {
  if (!isCall(message) || !isCall(exact)) return message;
  const meta = isRecord(message.params._meta) ? message.params._meta : {};
  return {
    ...message,
    params: {
      ...message.params,
      arguments: exact.params.arguments,
      _meta: { ...meta, [EXACT_INTEGERS_KEY]: [...integers] },
    },
  };
}

function isCall(message: unknown): message is { readonly params: Readonly<Record<string, unknown>> } {
  return (
    isRecord(message) &&
    message.method === 'tools/call' &&
    isRecord(message.params) &&
    isRecord(message.params.arguments)
  );
}
