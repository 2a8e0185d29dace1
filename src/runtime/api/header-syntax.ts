/** RFC 9110 §5.6.2: a field name is a token. */
export const HEADER_NAME_SYNTAX = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** RFC 9110 §5.5: visible single-byte characters, spaces and tabs. A line break would start another field. */
export const canBeHeaderValue = (text: string): boolean => !/[^\t\x20-\x7e\x80-\xff]/.test(text);
