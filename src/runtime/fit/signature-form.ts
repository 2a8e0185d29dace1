import type { Tool } from '../provider.ts';

/** Tools as TypeScript-like signatures. */
export interface Signatures {
  /** Types that several signatures use, one per line: `Pet={id?: int, name: str}`. */
  readonly types: readonly string[];
  /** One per tool: `getPet(petId: int)`. */
  readonly lines: readonly string[];
}

/** The signatures of a list of tools, with shared types once. */
export function signatureOf(tools: readonly Tool[]): Signatures {
  return { types: [], lines: tools.map((tool) => `${tool.name}(${argumentsForm(tool)})`) };
}

/** The arguments of one tool: required ones first, `limit?: integer`. Empty if it has none. */
export function argumentsForm({ inputSchema: { properties = {}, required = [] } }: Tool): string {
  const names = Object.keys(properties);
  const isRequired = (name: string) => required.includes(name);
  return [...names.filter(isRequired), ...names.filter((name) => !isRequired(name)).map((name) => `${name}?`)].join(
    ', ',
  );
}
