/** Tells screen readers what changed elsewhere on the page. */
export function announce(text: string): void {
  const region = document.getElementById('announcements');
  if (!region) return;
  // The same text twice is announced twice.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
