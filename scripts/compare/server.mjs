// A server of a peer for a document: generated and built if the peer is a generator, started, and its tools listed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPeer } from '../bench/stdio-peer.mjs';
import { environmentIn } from './run.mjs';

const ANSWER_MS = 60_000;

/**
 * Generates and builds, if the peer is a generator.
 *
 * @param given `times` gets how long each step took, also if a later one fails
 * @returns the command that serves the document
 */
export async function prepare(peer, { folder, file, document, credentials = {}, name, check, cache, times = {} }) {
  const project = join(folder, 'projects', name);
  if (peer.generate) {
    rmSync(project, { recursive: true, force: true });
    times.generateMs = await timed(() => peer.generate({ folder, file, project }));
    if (check) {
      try {
        times.checkMs = await timed(() => peer.check({ folder, project }));
      } catch (error) {
        times.checkFailed = error.message;
      }
    }
    await peer.build({ folder, project });
  }
  return peer.server({ folder, file, document, credentials, project, cache });
}

async function timed(step) {
  const started = performance.now();
  await step();
  return performance.now() - started;
}

/** @param given also has `home`, the folder for caches */
export async function openServer(peer, given) {
  return start(await prepare(peer, given), given.home);
}

/** @returns `tools`, `request`, `memory`, and `startMs`, until the complete list is here */
export async function start({ command, args, environment }, home) {
  const started = performance.now();
  const process = startPeer(args, environment, { command, env: environmentIn(home), timeoutMs: ANSWER_MS });
  try {
    await process.initialize();
    const tools = await listAll(process);
    return { ...process, tools, startMs: performance.now() - started };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function listAll({ request }) {
  const all = [];
  let cursor;
  do {
    const { tools, nextCursor } = await request('tools/list', cursor === undefined ? {} : { cursor });
    all.push(...tools);
    cursor = nextCursor;
  } while (cursor !== undefined && cursor !== null);
  if (all.length === 0) throw new Error('lists no tools');
  return all;
}
