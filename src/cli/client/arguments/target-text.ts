import type { TargetWords } from '../../targets/describe-target.ts';

/** The target as a user would write it, without secrets in URLs: messages show it. */
export function targetTextOf({ targets, command }: TargetWords): string {
  return command ? `-- ${command.join(' ')}` : targets.map(withoutSecrets).join(' ');
}

/** `https://ann:pw@host/x?key=abc` → `https://…@host/x?key=…` */
function withoutSecrets(target: string): string {
  return target.replace(/^((?:[^/=]*=)?(?:mcp\+)?https?:\/\/)[^/?#]*@/i, '$1…@').replace(
    /^([^?]*https?:[^?]*\?)([^#]*)/i,
    // A parameter without `=` may itself be a token.
    (_, head: string, query: string) => head + query.replace(/(^|&)([^&=]*=)?[^&]*/g, '$1$2…'),
  );
}
