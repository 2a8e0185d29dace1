/** The place of a member of an object, in messages: `apis.pets.baseUrl`, `describe.tools["list pets"]`. */
export function placeWithin(at: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === '' ? key : `${at}.${key}`;
}
