import type { NotAuthorized } from '../../runtime/compose/remote/auth/not-authorized.ts';
import { CommandError, EXIT } from './report.ts';

/** An MCP server requires a token, or another one. */
export function refused({ message, hint, code }: NotAuthorized): CommandError {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
  const token = code === 'MISSING_CREDENTIAL' ? "\n  Or pass a token: --auth mcp='${TOKEN}'" : '';
  return new CommandError(EXIT.credential, `${message}.`, hint + token);
}
