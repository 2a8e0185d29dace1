/** The first line of a text, without what would move the cursor of a terminal. */
export function oneLine(text = ''): string {
  const [first = ''] = text.trim().split(/\r?\n/);
  return first.replace(/\p{Cc}/gu, ' ').trim();
}
