import type { OptionRow } from './option-row.ts';

export const PACK_OPTIONS = [
  {
    flags: '--target <target>',
    description:
      'mcpb (desktop bundle), docker (image and compose file), registry (server.json of the MCP Registry), npm (package), skill (for agents with a shell), k8s (Kubernetes manifests) or worker (Cloudflare Worker); several are written to a subfolder each',
    commands: ['pack'],
    repeat: true,
  },
  {
    flags: '--package <type:identifier>',
    description:
      'where the server is published, for server.json: npm:<name>, oci:<image>:<tag> or mcpb:<url>; default: npm',
    commands: ['pack'],
    repeat: true,
  },
] as const satisfies readonly OptionRow[];
