import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { exports: entries } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

// The examples of the documentation import this package by name: what they get is the source.
const alias = Object.entries<{ default?: string }>(entries).flatMap(([entry, { default: built }]) =>
  built === undefined
    ? []
    : [
        {
          find: new RegExp(`^openapi-mcp${entry.slice(1)}$`),
          replacement: new URL(built.replace('./dist/', './src/').replace(/\.js$/, '.ts'), import.meta.url).pathname,
        },
      ],
);

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['src/**/*.test.ts', 'docs/**/*.test.ts'],
    globalSetup: ['scripts/test-setup.mjs'],
    reporters: ['default', './scripts/test-closing-line.mjs'],
    pool: 'threads',
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
