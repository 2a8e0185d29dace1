#!/usr/bin/env node
// Yours: written once, never touched again. Starts the server; own tools and middleware go here.
import { createSynthetic } from './synthetic.ts';
import { composite, createServer, withMiddleware } from './runtime/index.ts';
import { loadEnvFile, startServer } from './runtime/node/start-server.ts';

loadEnvFile(new URL('../.env', import.meta.url));

const api = createSynthetic();

/** Tools, resources and prompts of your own: `own.tool('name', { description, input }, handler)`. */
const own = createServer({ name: 'own', version: '1.0.0' });

// Middleware stands round every call: `withMiddleware(server, timeout({ ms: 10_000 }))`.
const server = withMiddleware(composite([api, own], { info: api.info }));

await startServer(server, { transport: 'stdio' });
