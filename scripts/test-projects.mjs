// The folder of the projects that tests emit, removed after the last test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup({ provide }) {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-emitted-'));
  provide('emittedProjects', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
