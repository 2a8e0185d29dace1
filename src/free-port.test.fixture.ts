import { createServer } from 'node:http';

/**
 * A port of 127.0.0.1 that nothing listens at, for servers that must know their URL before they start, or that are stopped
 * and started. Below 32,768, where most systems begin to assign ports to others.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
