import { segmentsOf } from '../parse/references.ts';

/** The part of an OpenAPI Overlay (https://spec.openapis.org/overlay/v1.1.0.html) that fixes need. */
export interface Overlay {
  readonly overlay: '1.0.0' | '1.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly actions: readonly OverlayAction[];
}

export type OverlayAction =
  | { readonly target: string; readonly description: string; readonly update: Readonly<Record<string, unknown>> }
  | { readonly target: string; readonly description: string; readonly remove: true };

/** `#/paths/~1pets/get/tags/0` → `$.paths['/pets'].get.tags[0]` (RFC 9535). The place must exist. */
export function jsonPath(root: unknown, pointer: string): string {
  let path = '$';
  let value = root;
  for (const segment of segmentsOf(pointer) ?? []) {
    path += Array.isArray(value) ? `[${segment}]` : selector(segment);
    value = (value as Readonly<Record<string, unknown>>)[segment]; // the place exists
  }
  return path;
}

function selector(segment: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(segment)) return `.${segment}`;
  // RFC 9535 §2.3.1: in single quotes, only these are escaped.
  const escaped = segment
    .replace(/[\\']/g, '\\$&')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be escaped
    .replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `['${escaped}']`;
}
