import { expect, test } from 'vitest';
import type { CommandName } from './commands.ts';
import { EXAMPLES } from './examples.ts';
import { OPTIONS } from './options.ts';

// The keys of the table.
test.each(Object.entries(EXAMPLES) as [CommandName, readonly string[]][])('examples of %s', (name, lines) => {
  expect(lines.length).toBeGreaterThan(0);
  const flags = OPTIONS.filter(({ commands }) => commands.includes(name)).flatMap((row) => row.flags.split(/[ ,]+/));
  for (const line of lines) {
    expect(line).toContain(`openapi-mcp ${name}`);
    const used = line.split(' -- ')[0]?.match(/(?<= )--?[a-z-]+/g) ?? [];
    expect(used.filter((flag) => !flags.includes(flag))).toEqual([]);
  }
});
