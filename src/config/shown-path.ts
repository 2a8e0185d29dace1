/** A file as a user would write it: relative to the current folder if it is inside. Where there are no folders, as it is. */
export function shownPath(path: string): string {
  const here = typeof process === 'undefined' ? undefined : process.cwd();
  if (here === undefined || !path.startsWith(here)) return path;
  const [, inside] = /^[\\/]?(.+)$/s.exec(path.slice(here.length)) ?? [];
  const isFolder = /[\\/]$/.test(here) || /^[\\/]/.test(path.slice(here.length));
  return inside !== undefined && isFolder ? inside : path;
}
