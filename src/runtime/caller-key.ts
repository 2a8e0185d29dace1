import type { ListContext } from './provider.ts';

/** Callers with the same key are shown the same lists: whatever lists may depend on is in it. */
export function callerKey({ caller, facts, origins, answers, unrestricted }: ListContext): string {
  const key = caller ? JSON.stringify([caller.id, caller.scopes, caller.claims]) : '';
  const flags = `${facts ? '+facts' : ''}${origins ? '+origins' : ''}${answers ? '+answers' : ''}${unrestricted ? '+unrestricted' : ''}`;
  return key + flags;
}
