import { describe, expect, test } from 'vitest';
import { fromRoot } from '../cli/started.test.fixture.ts';
import { createViolationSearch, nameViolations, PROFILES } from '../map/profiles/index.ts';
import { openApi } from '../proxy.ts';
import { CLIENT_NAMES, CLIENTS } from './clients.ts';

/** Clients whose models are of one provider. The others leave the choice to the user. */
const PROVIDERS: Readonly<Record<string, readonly (keyof typeof PROFILES)[]>> = {
  'claude-desktop': ['claude'],
  'claude-code': ['claude'],
  cursor: ['cursor', 'claude', 'openai'],
  codex: ['openai'],
  'gemini-cli': ['gemini'],
};
const ANY = ['claude', 'openai', 'gemini', 'bedrock'] as const;

const DOCUMENTS = ['petstore', 'schema-shapes', 'compositions', 'scaffolded', 'uploads', 'help-desk'];

describe.each(CLIENT_NAMES)('%s', (client) => {
  test.each(DOCUMENTS)('every tool of %s is accepted by the models of the client', async (name) => {
    const { profile } = CLIENTS[client];
    const { provider } = await openApi(fromRoot(`test-specs/${name}.yaml`), { cache: false, profile });
    const tools = await provider.listTools({});
    expect(tools.length).toBeGreaterThan(0);
    const refused = (PROVIDERS[client] ?? ANY).flatMap((one) => {
      const violationOf = createViolationSearch(PROFILES[one]);
      return tools.flatMap((tool) => {
        const violation = nameViolations(tool.name, PROFILES[one])[0] ?? violationOf(tool.inputSchema);
        return violation === undefined ? [] : [`${one} would refuse ${tool.name}: ${violation}`];
      });
    });
    expect(refused).toEqual([]);
    await provider.close();
  });
});
