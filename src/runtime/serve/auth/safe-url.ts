import { isLoopback } from '../http/loopback.ts';

/** Keys, tokens and secrets travel over TLS, or stay on this machine. */
export const isSafeUrl = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
