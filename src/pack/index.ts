// In: a config file and its documents, as a `PackSource`. Out: the files of a pack for each target.
// Promise: no secrets, no paths of this computer; the same source makes the same files. Nothing is written to disk but
// by `preparePack()`.
import { packedFile } from '../package-root.ts';
import { httpVariables } from './http-server.ts';
import { bundleName, type PackFile, type PackSource } from './pack-source.ts';

export * from './pack-source.ts';
export { packedConfig } from './packed-config.ts';
export { PACK_MARK, preparePack } from './write-pack.ts';

export interface PackTarget {
  readonly title: string;
  readonly files: (source: PackSource) => readonly PackFile[] | Promise<readonly PackFile[]>;
  /** What to do with the pack, as commands to run in its folder or sentences. */
  readonly next: (source: PackSource) => readonly string[];
}

export const PACK_TARGETS = {
  mcpb: {
    title: 'desktop bundle',
    files: async (source) => (await import('./targets/mcpb.ts')).mcpbFiles(source),
    next: (source) => [`open ${bundleName(source)}   # installs it in a desktop client`],
  },
  docker: {
    title: 'container image',
    files: async (source) => (await import('./targets/docker.ts')).dockerFiles(source),
    next: ({ project, programVersion }) => [
      ...(project ? ['add the variables that your code reads to compose.yaml'] : []),
      `npm pack <clone>   # of openapi-mcp: writes ${packedFile(programVersion)}, which the image installs`,
      'docker compose up --build   # with the variables of compose.yaml set',
    ],
  },
  registry: {
    title: 'server.json of the MCP Registry',
    files: async (source) => (await import('./targets/registry.ts')).registryFiles(source),
    next: () => ['mcp-publisher publish   # after the package that server.json names'],
  },
  npm: {
    title: 'npm package',
    files: async (source) => (await import('./targets/npm.ts')).npmFiles(source),
    next: () => ['npm publish   # after setting "license" in package.json'],
  },
  skill: {
    title: 'skill for agents with a shell',
    files: async (source) => (await import('./targets/skill.ts')).skillFiles(source),
    next: ({ name }) => [`copy the folder to the skills of your agent, as ${name}`],
  },
  k8s: {
    title: 'Kubernetes manifests',
    files: async (source) => (await import('./targets/k8s.ts')).k8sFiles(source),
    next: ({ name }) => [
      'set the image in deployment.yaml: that of --target docker, in your registry',
      `kubectl create secret generic ${name} --from-env-file=<file>`,
      'kubectl apply -f .',
    ],
  },
  worker: {
    title: 'Cloudflare Worker',
    files: async (source) => (await import('./targets/worker.ts')).workerFiles(source),
    next: (source) => [
      'npm install',
      'npx wrangler deploy',
      ...(httpVariables(source).length > 0
        ? ['npx wrangler secret put <name>   # for each variable in README.md that it needs']
        : []),
    ],
  },
} as const satisfies Readonly<Record<string, PackTarget>>;

export type PackTargetName = keyof typeof PACK_TARGETS;
