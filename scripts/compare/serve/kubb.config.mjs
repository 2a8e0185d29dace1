// Copied into a project by ../peers.mjs. The base URL is that of the document's first server.
import { defineConfig } from '@kubb/core';
import { pluginClient } from '@kubb/plugin-client';
import { pluginMcp } from '@kubb/plugin-mcp';
import { pluginOas } from '@kubb/plugin-oas';
import { pluginTs } from '@kubb/plugin-ts';
import { pluginZod } from '@kubb/plugin-zod';

export default defineConfig({
  root: '.',
  input: { path: process.env.DOCUMENT },
  output: { path: './src/gen', clean: true, barrelType: false, format: false, lint: false },
  plugins: [
    pluginOas({ validate: false, serverIndex: 0 }),
    pluginTs(),
    pluginClient(),
    pluginZod({ version: '4' }),
    pluginMcp({ output: { path: './mcp', barrelType: false } }),
  ],
});
