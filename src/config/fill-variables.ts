export type Variables = Readonly<Record<string, string | undefined>>;

export interface Filled {
  readonly text: string;
  /** Variables and their values. */
  readonly values: readonly string[];
  /** Errors in the variables; empty if there are none. */
  readonly mistakes: readonly VariableMistake[];
}

export type VariableMistake =
  | { readonly kind: 'missing'; readonly variable: string }
  /** As written in the file. */
  | { readonly kind: 'malformed'; readonly written: string };

/**
 * Fills in the variables of a string: `${NAME}`, and `${NAME:-default}` for an optional one; `$${NAME}` is a literal
 * `${NAME}`. An empty variable counts as missing, as with a shell's `:-`.
 */
export function fillVariables(text: string, variables: Variables): Filled {
  const mistakes: VariableMistake[] = [];
  const values: string[] = [];
  const filled = text.replace(/\$\$(?=\{)|\$\{([^}]*)(\}?)/g, (written: string, inside?: string, end?: string) => {
    if (inside === undefined) return '$';
    const [, variable, preset] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
    if (variable === undefined || end === '') {
      mistakes.push({ kind: 'malformed', written });
      return '';
    }
    const value = (Object.hasOwn(variables, variable) && variables[variable]) || preset;
    if (value === undefined) mistakes.push({ kind: 'missing', variable });
    if (value) values.push(value);
    return value ?? '';
  });
  return { text: filled, values, mistakes };
}

/** Whether the string contains a variable. */
export const hasVariables = (text: string): boolean => /(?<!\$)\$\{/.test(text);
