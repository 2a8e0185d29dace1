/** Whether a host is reachable only from this machine. Takes host names as `URL.hostname` writes them. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
