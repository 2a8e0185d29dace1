import type { TargetWords } from '../targets/describe-target.ts';

/** How a person would write the target again, but for what is secret in a URL: messages show it. */
export function targetTextOf({ targets, command }: TargetWords): string {
  return command ? `-- ${command.join(' ')}` : targets.map(withoutSecrets).join(' ');
}

/** `https://ann:pw@host/x?key=abc` → `https://…@host/x?key=…` */
function withoutSecrets(target: string): string {
  return target.replace(/^((?:[^/=]*=)?(?:mcp\+)?https?:\/\/)[^/?#]*@/i, '$1…@').replace(
    /^([^?]*https?:[^?]*\?)([^#]*)/i,
    // A parameter without `=` may be a token itself.
    (_, head: string, query: string) => head + query.replace(/(^|&)([^&=]*=)?[^&]*/g, '$1$2…'),
  );
}
