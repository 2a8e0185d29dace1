#!/usr/bin/env node
// Yours: written once, never touched again. Starts the server; own tools and middleware go here.
import { createPetShop } from './pet-shop.ts';
import { loadEnvFile, startServer } from './runtime/node/start-server.ts';

loadEnvFile(new URL('../.env', import.meta.url));

const api = createPetShop();

// To have tools of your own beside those of the API, and middleware round all of them, start `server` in its place.
// All there is stands in './runtime/index.ts'; imported one by one the server starts faster.
//
// import { composite } from './runtime/compose/composite.ts';
// import { timeout } from './runtime/middleware/timeout.ts';
// import { withMiddleware } from './runtime/middleware/with-middleware.ts';
// import { createServer } from './runtime/server.ts';
// const own = createServer({ name: 'own', version: '1.0.0' });
// own.tool('about', { description: 'What is served here.' }, () => `This is ${api.info.title}.`);
// const server = withMiddleware(composite([api, own], { info: api.info }), timeout({ ms: 10_000 }));

await startServer(api, { transport: 'stdio' });
