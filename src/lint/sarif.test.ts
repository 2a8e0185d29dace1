import { expect, test } from 'vitest';
import { sarifLog } from './sarif.ts';

const rules = [
  { id: 'missing-description', severity: 'warning', summary: 'No words.', fix: 'Add some.' },
  { id: 'BAD_OPERATION', severity: 'error', summary: 'No operation.', fix: 'Write one.' },
] as const;

test('findings become SARIF 2.1.0 results, each with its rule and place', () => {
  const log = sarifLog({
    rules,
    findings: [
      { rule: 'BAD_OPERATION', severity: 'error', pointer: '#/paths/~1a/get', message: 'It is a text.' },
      { rule: 'missing-description', severity: 'warning', pointer: 'more/pets.yaml#/get', message: 'Nothing is said.' },
    ],
    version: '1.2.3',
    document: 'my docs/api.yaml',
    positions: new Map([['#/paths/~1a/get', { line: 7, column: 3 }]]),
  });
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'openapi-mcp',
            version: '1.2.3',
            rules: [
              {
                id: 'missing-description',
                shortDescription: { text: 'No words.' },
                help: { text: 'Add some.' },
                defaultConfiguration: { level: 'warning' },
              },
              { id: 'BAD_OPERATION' },
            ],
          },
        },
        results: [
          {
            ruleId: 'BAD_OPERATION',
            ruleIndex: 1,
            level: 'error',
            message: { text: 'It is a text.' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'my%20docs/api.yaml' },
                  region: { startLine: 7, startColumn: 3 },
                },
                logicalLocations: [{ fullyQualifiedName: '#/paths/~1a/get' }],
              },
            ],
          },
          {
            ruleIndex: 0,
            level: 'warning',
            locations: [{ physicalLocation: { artifactLocation: { uri: 'more/pets.yaml' } } }],
          },
        ],
      },
    ],
  });
});

test.each([
  ['https://api.test/openapi.json', 'https://api.test/openapi.json'],
  ['/tmp/a b.yaml', 'file:///tmp/a%20b.yaml'],
  ['docs\\api.yaml', 'docs/api.yaml'],
])('the document at %s has the URI %s', (document, uri) => {
  const findings = [{ rule: 'x', severity: 'advice', pointer: '#', message: '' }] as const;
  const log = sarifLog({ rules: [], findings, version: '1', document, positions: new Map() });
  expect(JSON.stringify(log)).toContain(`"artifactLocation":{"uri":"${uri}"}`);
});

test('a document from stdin has only the pointer as its place', () => {
  const findings = [{ rule: 'x', severity: 'advice', pointer: '#/info', message: '' }] as const;
  const log = sarifLog({ rules: [], findings, version: '1', document: undefined, positions: new Map() });
  expect(JSON.stringify(log)).toContain('"locations":[{"logicalLocations":[{"fullyQualifiedName":"#/info"}]}]');
});
