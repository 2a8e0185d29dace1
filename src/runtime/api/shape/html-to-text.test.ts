import { describe, expect, test } from 'vitest';
import { htmlToText } from './html-to-text.ts';

describe('the text of a page', () => {
  const table: readonly [html: string, want: string][] = [
    ['<h1>boom-trace</h1>', 'boom-trace'],
    [
      '<!doctype html><HTML><head><title>x</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body>',
      '502 Bad Gateway\nnginx',
    ],
    ['<p>a <b>bold</b>\n  word</p><p>next</p>', 'a bold\nword\nnext'],
    ['a<script>if (1 < 2) alert("</p>")</script>b<style>p{}</style>c', 'a\nb\nc'],
    ['<!-- <p>hidden</p> -->shown', 'shown'],
    ['1 &lt; 2 &amp;&#32;3 &#x20AC; &nbsp;&unknown; &#0; &#xD800;', '1 < 2 & 3 € &unknown; \uFFFD \uFFFD'],
    ['1 < 2 and <b>3</b>', '1 < 2 and 3'],
    ['<a title="a > b">link</a>', 'link'],
    ["<p>it's <b class='x'>isn't</b></p>", "it's isn't"],
    ['<head>never closed<body>text', 'text'],
    ['<script>never closed', ''],
    ['İİİ<b>x</b>', 'İİİx'],
    ['plain', 'plain'],
    ['', ''],
  ];
  test.each(table)('%s', (html, want) => {
    expect(htmlToText(html)).toBe(want);
  });

  test.each(['<', '<a', '<a "', '<!--', '<script>', '&', '&#', '<head>', '<head><body>', '</', "<a b='", '<a =" '])(
    'many %j are fast',
    (part) => {
      const start = performance.now();
      htmlToText(part.repeat(100_000));
      expect(performance.now() - start).toBeLessThan(1500);
    },
  );
});
