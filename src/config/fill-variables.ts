export type Variables = Readonly<Record<string, string | undefined>>;

export interface Filled {
  readonly text: string;
  /** What was filled in. */
  readonly values: readonly string[];
  /** What is wrong with the variables in it; empty where all is well. */
  readonly mistakes: readonly VariableMistake[];
}

export type VariableMistake =
  | { readonly kind: 'missing'; readonly variable: string }
  /** As it is written. */
  | { readonly kind: 'malformed'; readonly written: string };

/**
 * The text with its variables filled in: `${NAME}`, and `${NAME:-default}` for one that may be missing; `$${NAME}` is the
 * text `${NAME}` itself. A variable that is empty is missing, as in a shell's `:-`.
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

/** Whether there is a variable in it. */
export const hasVariables = (text: string): boolean => /(?<!\$)\$\{/.test(text);
