import { expect, test } from 'vitest';
import { PROBLEMS } from '../problems.ts';
import { INVALID, MENDABLE, RULES, type RuleInfo } from './index.ts';

test('docs/lint.md has every rule (npx vitest run src/lint -u writes it anew)', async () => {
  const rows = [INVALID, ...RULES].map(row);
  const table = [
    '| rule | severity | what it finds | fix | mended by `--fix` |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  const problems = MENDABLE.filter((id) => id in PROBLEMS).map((id) => `[${id}](problems.md#${id.toLowerCase()})`);
  const text = HEAD.replace('$RULES', table.join('\n')).replace('$PROBLEMS', problems.join(', '));
  await expect(text).toMatchFileSnapshot('../../docs/lint.md');
});

const row = ({ id, severity, summary, fix }: RuleInfo): string =>
  `| \`${id}\` | ${severity} | ${summary} | ${fix} | ${MENDABLE.includes(id) ? 'yes' : ''} |`.replaceAll(
    ' |  |',
    ' | |',
  );

test('what can be mended is a rule or a problem', () => {
  const known = [...Object.keys(PROBLEMS), ...RULES.map(({ id }) => id)];
  expect(MENDABLE.filter((id) => !known.includes(id))).toEqual([]);
});

const HEAD = `# \`openapi-mcp lint\`

Validates a document, and says what a model would trip over.

\`\`\`
openapi-mcp lint openapi.yaml                     # grouped by rule, with the fix
openapi-mcp lint openapi.yaml --strict            # warnings fail too
openapi-mcp lint openapi.yaml --format sarif      # for code scanning
openapi-mcp lint openapi.yaml --fix overlay.yaml  # mend what needs no thought
openapi-mcp run  openapi.yaml --overlay overlay.yaml
\`\`\`

Ends with 1 where there is an error (with \`--strict\`, also a warning), else with 0. \`--overlay\` is applied first, and the
filters (\`--include\`, \`--exclude\`, \`--route\`) say which operations matter. With \`--profile\` tools are held against that
provider alone.

It finds three things:

- **problems** of the [catalogue](problems.md): what could not be honoured, and what was assumed in its place;
- **violations** of the schema that the document's version of OpenAPI publishes (2.0, 3.0 and 3.1; there is none for 3.2);
- **advice**: what is valid, and yet keeps a model from choosing or calling a tool well.

| severity | meaning |
| --- | --- |
| error | an operation is not served, or an action of an overlay was not applied |
| warning | something is wrong, or will not work as it stands |
| advice | a model would do better |

## Rules

$RULES

## Fixes

\`--fix <file>\` writes an [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.1.0.html) (JSON where the name ends in
\`.json\`, else YAML); the document stays as it is. Read it, change what you like, and pass it with \`--overlay\` to \`lint\`,
\`inspect\`, \`run\` and \`generate\`. Of the problems it mends $PROBLEMS.

An overlay is applied to the document with the path items of its further files in place, so operations that are written
in other files are mended too. Schemas and other parts of further files are not, for no overlay can select them; \`mendable\`
and the last line of the output count only what \`--fix\` does mend. The files themselves are never
written. A \`$ref\` that an overlay adds is resolved against the document.

## JSON and SARIF

\`--json\` prints \`{ document, findings, rules, counts, mendable }\`. A finding is \`{ rule, severity, pointer, message }\`,
its pointer a JSON pointer into the document (\`#/paths/~1pets/get\`) or into a further file (\`pets.yaml#/get\`).
\`--format sarif\` prints SARIF 2.1.0 with line and column of each place.
`;
