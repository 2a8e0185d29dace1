/** A name for comparison: `page[size]`, `page_size`, `pageSize` and `$pageSize` are the same. */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '');
