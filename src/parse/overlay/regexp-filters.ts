import type { FilterFunction, FunctionExpressionType, JSONPathEnvironment } from 'json-p3';
import { type PatternTest, searchTests } from '../../runtime/pattern/pattern-test.ts';
import { rememberedByText } from '../../runtime/remembered-by-text.ts';

/**
 * `match()` and `search()` of JSONPath (RFC 9535 §2.4.6, §2.4.7) with a linear-time engine. The package would run
 * patterns natively, and a pattern may come from the document: `$[?match(@.name, @.pattern)]`.
 */
export async function boundRegexps(environment: JSONPathEnvironment, types: typeof FunctionExpressionType) {
  const testOf = await searchTests();
  const filter = (sourceOf: (pattern: string) => string): FilterFunction => {
    const testFor = rememberedByText((pattern): PatternTest => {
      const mapped = ecmaScript(pattern);
      return mapped === undefined ? () => false : testOf(sourceOf(mapped));
    });
    return {
      argTypes: [types.ValueType, types.ValueType],
      returnType: types.LogicalType,
      call(text: unknown, pattern: unknown) {
        return typeof text === 'string' && typeof pattern === 'string' && testFor(pattern)(text);
      },
    };
  };
  environment.functionRegister.set('match', filter(whole));
  environment.functionRegister.set(
    'search',
    filter((pattern) => pattern),
  );
}

/** A pattern with its own anchors is used as written: in I-Regexp they would be ordinary characters. */
const whole = (pattern: string): string => (/^\^|\$$/.test(pattern) ? pattern : `^(?:${pattern})$`);

/** RFC 9485 §5: the characters that I-Regexp has escapes for. */
const ESCAPED = /[()*+\-.?[\\\]^nrt{|}pP]/;

/** Converts an I-Regexp to a regular expression of ECMA-262 (RFC 9485 §5.3); `undefined` if it is invalid. */
function ecmaScript(pattern: string): string | undefined {
  let inClass = false;
  let mapped = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    const next = pattern[at + 1] ?? '';
    if (char === '\\') {
      if (!ESCAPED.test(next)) return undefined;
      mapped += char + next;
      at++;
      continue;
    }
    // I-Regexp has no lookarounds, named groups or lazy quantifiers.
    if (!inClass && ((char === '(' && next === '?') || (/[*+?}]/.test(char) && /[*+?]/.test(next)))) return undefined;
    if (char === '[') inClass = true;
    if (char === ']') inClass = false;
    mapped += char === '.' && !inClass ? '[^\\n\\r]' : char;
  }
  return mapped;
}
