import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configReference } from './config-reference.test.fixture.ts';

const PAGE = new URL('../../../docs/config.md', import.meta.url);

test('docs/config.md matches the tables (npx vitest run src/cli/reference -u updates it)', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const reference = `<!-- reference -->\n\n${configReference()}\n\n<!-- /reference -->`;
  const want = page.replace(/<!-- reference -->[\s\S]*<!-- \/reference -->/, () => reference);
  await expect(want).toMatchFileSnapshot('../../../docs/config.md');
});
