import { type OptionKind, withMethods } from '../../options/option-kinds.ts';

/** What other libraries call the parts of a target. */
export const TOKEN_HINT = 'Write headers: { Authorization: "Bearer …" }.';
export const COMMAND_HINTS = {
  arguments: 'Write "args".',
  environment: 'Write "env".',
  directory: 'Write "cwd".',
  path: 'Write "command" for the program, or "cwd" for its folder.',
};

/** A text or a `URL`; whether it is that of an MCP server is checked where it is read. */
export const URL_KIND: OptionKind = {
  expected: 'a URL',
  fits: (value) => typeof value === 'string' || withMethods('a URL', 'toString').fits(value),
};
