/** The cookie by which pages recognise a browser during a login. */
export interface LoginCookie {
  /** Its values in a request: several if another server of the same host set one, too. */
  of(request: Request): readonly string[];
  /** The `Set-Cookie` header. */
  header(value: string): string;
}

/** Seconds: longer than one login takes. */
const COOKIE_TTL = 3600;

/** @param purpose keeps the cookies of different pages apart */
export function loginCookie(purpose: string, { protocol, port }: URL): LoginCookie {
  const secure = protocol === 'https:';
  // The prefix binds the cookie to this host, https and the path / (RFC 6265bis §4.1.3.2); loopback http cannot use it.
  // There, cookies are shared by all ports.
  const name = secure ? `__Host-${purpose}` : `${purpose}-${port || '80'}`;
  return {
    of: (request) => cookieValues(request, name),
    header: (value) =>
      `${name}=${value}; Path=/; Max-Age=${COOKIE_TTL}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
  };
}

/** The values of a cookie in a request (RFC 6265 §4.2). */
export function cookieValues(request: Request, name: string): readonly string[] {
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return cookies.flatMap((cookie) => (cookie.startsWith(`${name}=`) ? [cookie.slice(name.length + 1)] : []));
}
