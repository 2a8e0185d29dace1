/** The value of `Authorization` for a user name and password, in UTF-8: RFC 7617 §2. */
export function basicAuthorization(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

/** `application/x-www-form-urlencoded`, which RFC 6749 §2.3.1 requires before the Basic encoding. */
export const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
