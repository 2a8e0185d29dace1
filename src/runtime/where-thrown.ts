/**
 * Where an error was thrown, as `/path/server.ts:7:14`: the first place in its stack that is a file of the user, so neither
 * Node itself nor a package. `undefined` if the stack has none.
 */
export function whereThrown(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, place = ''] of stack.matchAll(/^\s+at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*:\d+:\d+)\)?$/gm)) {
    if (!/[\\/]node_modules[\\/]/.test(place) && !place.startsWith(OWN)) return shown(place);
  }
  return undefined;
}

/** `error: Tool "a" failed: …`, with the place of its cause on the next line. */
export function errorLines(error: Error): string[] {
  const place = whereThrown(error.cause);
  return [`error: ${error.message}`, ...(place === undefined ? [] : [`  at ${place}`])];
}

/** Prints {@link errorLines} to stderr; stdout may belong to the protocol. */
export function printError(error: Error): void {
  // biome-ignore lint/suspicious/noConsole: the only way to stderr that is a web standard.
  console.error(errorLines(error).join('\n'));
}

/** The folder of this runtime: in a project that has a copy of it, its files are not the user's. */
const OWN = new URL('.', import.meta.url).href;

function shown(place: string): string {
  if (!place.startsWith('file://')) return place;
  const [, url = place, position = ''] = /^(.*?)(:\d+:\d+)$/.exec(place) ?? [];
  try {
    // Percent-encoded, as URLs are.
    return decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:)/, '') + position;
  } catch {
    return place;
  }
}
