#!/usr/bin/env node
// This file is yours: it is written once and never changed again. It starts the server; add tools and middleware here.
import { createVault } from './vault.ts';
import { loadEnvFile, startServer } from './runtime/emitted.ts';

loadEnvFile(new URL('../.env', import.meta.url));

const api = createVault();

// To add your own tools to those of the API, and middleware for all of them, start `server` instead of `api`:
//
// import { composite, createServer, timeout, withMiddleware } from './runtime/emitted-server.ts';
// const own = createServer({ name: 'own', version: '1.0.0' });
// own.tool('about', { description: 'What is served here.' }, () => `This is ${api.info.title}.`);
// const server = withMiddleware(composite([api, own], { info: api.info }), timeout({ ms: 10_000 }));

await startServer(api, { transport: 'stdio' });
