import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { authReference } from './auth-reference.test.fixture.ts';

const PAGE = new URL('../../../docs/auth.md', import.meta.url);

test('docs/auth.md matches the presets (npx vitest run src/cli/reference -u updates it)', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const reference = `<!-- presets -->\n\n${authReference()}\n\n<!-- /presets -->`;
  const want = page.replace(/<!-- presets -->[\s\S]*<!-- \/presets -->/, () => reference);
  await expect(want).toMatchFileSnapshot('../../../docs/auth.md');
});
