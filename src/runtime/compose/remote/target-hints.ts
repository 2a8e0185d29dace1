import { type OptionKind, withMethods } from '../../options/option-kinds.ts';

/** Names that other libraries use for the parts of a target. */
export const TOKEN_HINT = 'Write headers: { Authorization: "Bearer …" }.';
export const COMMAND_HINTS = {
  arguments: 'Write "args".',
  environment: 'Write "env".',
  directory: 'Write "cwd".',
  path: 'Write "command" for the program, or "cwd" for its folder.',
};

/** A string or a `URL`; checked later to be the URL of an MCP server. */
export const URL_KIND: OptionKind = {
  expected: 'a URL',
  fits: (value) => typeof value === 'string' || withMethods('a URL', 'toString').fits(value),
};
