import type { CommandName } from './commands.ts';

/** What users type most: shown by `--help`, and in docs/cli.md. */
export const EXAMPLES: Readonly<Record<CommandName, readonly string[]>> = {
  run: [
    'openapi-mcp run api.yaml',
    'openapi-mcp run http://localhost:8000 --read-only',
    'openapi-mcp run api.yaml --transport http --port 8080',
    'openapi-mcp run pets=pets.yaml git=https://api.example.com/git.json --mode auto',
  ],
  dev: ['openapi-mcp dev api.yaml', 'openapi-mcp dev . --verbose', 'openapi-mcp dev http://localhost:8000 --poll 2'],
  inspect: [
    'openapi-mcp inspect api.yaml',
    'openapi-mcp inspect api.yaml --budget 5000',
    'openapi-mcp inspect api.yaml --lock',
  ],
  diff: [
    'openapi-mcp diff old.yaml new.yaml',
    'openapi-mcp diff new.yaml --fail-on any',
    'openapi-mcp diff old.yaml new.yaml --markdown',
  ],
  lint: [
    'openapi-mcp lint api.yaml',
    'openapi-mcp lint api.yaml --fix fixes.yaml',
    'openapi-mcp lint api.yaml --format sarif',
  ],
  check: [
    'openapi-mcp check api.yaml',
    'openapi-mcp check api.yaml --base-url http://localhost:8000 --max-calls 20',
    `openapi-mcp check api.yaml --args '{"petId": 7, "getOrder": {"orderId": 3}}'`,
  ],
  generate: ['openapi-mcp generate api.yaml -o api-mcp', 'openapi-mcp generate api.yaml -o api-mcp --check'],
  eject: ['openapi-mcp eject api-mcp'],
  init: [
    'openapi-mcp init',
    'openapi-mcp init http://localhost:8000 --yes',
    'openapi-mcp init api.yaml --yes --client cursor',
  ],
  install: [
    'openapi-mcp install api.yaml --client claude-code --env-file .env',
    'openapi-mcp install --client cursor --client codex',
    'openapi-mcp install api.yaml --client vscode --project --dry-run',
  ],
  pack: [
    'openapi-mcp pack api.yaml --target mcpb --out bundle',
    'openapi-mcp pack . --target docker --target k8s --out deploy',
    'openapi-mcp pack api.yaml --target skill --out skill',
  ],
  uninstall: ['openapi-mcp uninstall pet-shop', 'openapi-mcp uninstall pet-shop --client cursor --dry-run'],
  discover: ['openapi-mcp discover', 'openapi-mcp discover --json'],
  completion: [
    'source <(openapi-mcp completion bash)',
    'openapi-mcp completion fish > ~/.config/fish/completions/openapi-mcp.fish',
  ],
  call: [
    'openapi-mcp call api.yaml listPets limit=5',
    'openapi-mcp call api.yaml addPet --args \'{"name": "Rex"}\'',
    'openapi-mcp call mcp+https://mcp.example.com/mcp search query=x',
    'openapi-mcp call cursor:pet-shop listPets',
    'openapi-mcp call api.yaml addPet name=Rex --curl',
  ],
  list: ['openapi-mcp list api.yaml', 'openapi-mcp list api.yaml addPet', 'openapi-mcp list -- npx some-mcp-server'],
  read: ['openapi-mcp read api.yaml api://pet-shop/pets'],
  prompt: ['openapi-mcp prompt server.ts greet name=Ada'],
  explain: ['openapi-mcp explain MISSING_CREDENTIAL', 'openapi-mcp explain'],
  'auth login': ['openapi-mcp auth login api.yaml', 'openapi-mcp auth login api.yaml --device'],
  'auth status': ['openapi-mcp auth status', 'openapi-mcp auth status api.yaml'],
  'auth logout': ['openapi-mcp auth logout api.yaml'],
};
