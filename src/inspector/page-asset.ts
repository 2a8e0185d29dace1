import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PACKAGE_ROOT } from '../package-root.ts';
import { once } from '../runtime/once.ts';
import { GUARDED } from './respond.ts';

/** Built by `scripts/bundle-page.mjs`: one file, with its script and its style. */
export const PAGE_ASSET: URL = new URL('dist/inspector/page.html', PACKAGE_ROOT);

/** The page, with a policy that allows its own script and style, and requests to its own server. */
export const pageAsset = once(async (): Promise<() => Response> => {
  const text = await readFile(PAGE_ASSET, 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(text, 'script')}'`,
    `style-src '${hashOf(text, 'style')}'`,
    "connect-src 'self'",
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  const headers = {
    ...GUARDED,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
  };
  return () => new Response(text, { headers });
});

/** CSP 3 §2.3.1: exactly the text between the tags. */
function hashOf(page: string, tag: 'script' | 'style'): string {
  const [, content = ''] = new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 's').exec(page) ?? [];
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
