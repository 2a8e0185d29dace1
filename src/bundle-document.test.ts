import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleDocument } from './bundle-document.ts';
import { openApi, type ProxyOptions } from './proxy.ts';

const FOLDER = join(import.meta.dirname, '../test-specs');
const documents = readdirSync(FOLDER).filter((name) => /\.(?:ya?ml|json)$/.test(name));

/** What clients see, and what is sent to the API. */
async function served(source: Parameters<typeof openApi>[0], options: ProxyOptions = {}) {
  const { provider, model } = await openApi(source, { cache: false, environment: {}, ...options });
  const lists = await Promise.all([
    provider.listTools({}),
    provider.listResources({}),
    provider.listResourceTemplates({}),
  ]);
  await provider.close();
  const requests = model.operations.map(({ id, request, auth }) => ({ id, request, auth }));
  return { info: provider.info, lists, requests, servers: model.servers, auth: model.auth };
}

test.each(documents)('%s is served as before when it is one object', async (name) => {
  const path = join(FOLDER, name);
  let before: Awaited<ReturnType<typeof served>>;
  try {
    before = await served(path);
  } catch (error) {
    // Not an OpenAPI document: bundling it fails in the same way.
    await expect(bundleDocument(path)).rejects.toThrow((error as Error).message);
    return;
  }
  const bundled = JSON.parse(JSON.stringify(await bundleDocument(path)));
  expect(await served(bundled)).toEqual(before);
});
