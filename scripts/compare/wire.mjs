// The wire cases, for one peer: loads each document, calls each operation, and judges the request that arrived.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsOf, toolOf } from './arguments.mjs';
import { documentFor, documentsOf, GROUPS, pathOf } from './cases.mjs';
import { faultOf } from './judge.mjs';
import { startRecorder } from './recorder.mjs';
import { reason } from './run.mjs';
import { openServer } from './server.mjs';

/** @returns by case id: `null` if the request was exact, else what was wrong */
export async function judgeWire(peer, { folder, home, progress }) {
  const recorder = await startRecorder();
  const faults = new Map();
  try {
    for (const group of GROUPS) {
      for (const made of documentsOf(group, recorder.url)) {
        progress(`${peer.name}: ${made.name}`);
        await judgeDocument(peer, group, made, { folder, home, recorder, faults });
      }
    }
  } finally {
    recorder.stop();
  }
  return faults;
}

async function judgeDocument(peer, group, made, context) {
  const { faults, recorder } = context;
  let server;
  try {
    server = await open(peer, made, context);
  } catch (error) {
    // One operation that a peer cannot read must not cost it the others.
    if (made.cases.length > 1) {
      for (const each of made.cases) {
        await judgeDocument(peer, group, documentFor(group, each.id, [each], recorder.url), context);
      }
    } else {
      for (const each of made.cases) faults.set(each.id, `did not load: ${reason(error, 300)}`);
    }
    return;
  }
  try {
    for (const each of made.cases) faults.set(each.id, (await judgeCase(server, each, recorder)) ?? null);
  } finally {
    await server.stop();
  }
}

async function open(peer, { name, document, cases }, { folder, home }) {
  const file = join(home, `${name}.json`);
  writeFileSync(file, JSON.stringify(document));
  const credentials = cases[0].credentials ?? {};
  return openServer(peer, { folder, home, file, document, credentials, name, check: false });
}

async function judgeCase(server, each, recorder) {
  recorder.take();
  const tool = toolOf(server.tools, each, pathOf(each));
  if (!tool) return 'no tool';
  let text = '';
  try {
    const result = await server.request('tools/call', { name: tool.name, arguments: argumentsOf(tool, each.given) });
    if (result.isError) text = result.content?.[0]?.text ?? '';
  } catch (error) {
    text = error.message;
  }
  const [request, second] = recorder.take();
  if (!request) return `sent nothing: ${text.slice(0, 200)}`;
  return second ? 'sent two requests' : faultOf(each, request);
}
