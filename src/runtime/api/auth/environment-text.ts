export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty or blank value counts as missing. @throws Error that names the variable, never the value */
export function readSecret(env: Environment, variable: string | undefined): string | undefined {
  const text = readText(env, variable);
  return text?.trim() ? text : undefined;
}

/** @throws Error if the value cannot be sent; it names the variable, never the value */
export function readText(env: Environment, variable: string | undefined): string | undefined {
  const text = variable === undefined ? undefined : env[variable];
  if (text !== undefined && /[\r\n\0]/.test(text)) {
    throw new Error(`${variable} contains a line break or NUL. Set it to the bare value.`);
  }
  return text;
}

/** Text with line breaks, which may be written as `\n`. An empty or blank value counts as missing. */
export function readLines(env: Environment, variable: string): string | undefined {
  const text = env[variable];
  return text?.trim() ? text.replaceAll('\\n', '\n') : undefined;
}
