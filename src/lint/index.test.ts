import '../openapi-schemas.test.fixture.ts';
import { expect, test } from 'vitest';
import { PROBLEMS } from '../problems.ts';
import { FIXABLE, INVALID, RULES, type RuleInfo } from './index.ts';

test('docs/lint.md has every rule (update it with npx vitest run src/lint -u)', async () => {
  const rows = [INVALID, ...RULES].map(row);
  const table = [
    '| rule | severity | what it finds | fix | fixed by `--fix` |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  const problems = FIXABLE.filter((id) => id in PROBLEMS).map((id) => `[${id}](problems.md#${id.toLowerCase()})`);
  const text = HEAD.replace('$RULES', table.join('\n')).replace('$PROBLEMS', problems.join(', '));
  await expect(text).toMatchFileSnapshot('../../docs/lint.md');
});

const row = ({ id, severity, summary, fix }: RuleInfo): string =>
  `| \`${id}\` | ${severity} | ${summary} | ${fix} | ${FIXABLE.includes(id) ? 'yes' : ''} |`.replaceAll(
    ' |  |',
    ' | |',
  );

test('everything that can be fixed is a rule or a problem', () => {
  const known = [...Object.keys(PROBLEMS), ...RULES.map(({ id }) => id)];
  expect(FIXABLE.filter((id) => !known.includes(id))).toEqual([]);
});

const HEAD = `# \`openapi-mcp lint\`

Validates a document, and gives advice on what would confuse a model.

\`\`\`
openapi-mcp lint openapi.yaml                     # grouped by rule, with the fix
openapi-mcp lint openapi.yaml --strict            # also fail on warnings
openapi-mcp lint openapi.yaml --format sarif      # for code scanning
openapi-mcp lint openapi.yaml --fix overlay.yaml  # write automatic fixes
openapi-mcp run  openapi.yaml --overlay overlay.yaml
\`\`\`

Exits with 1 if there is an error (with \`--strict\`, also a warning), otherwise with 0. \`--overlay\` is applied first. The
filters (\`--include\`, \`--exclude\`, \`--route\`) select the operations to check. With \`--profile\`, tools are checked only
against that provider.

It reports three kinds of findings:

- **problems** from the [catalogue](problems.md): what could not be used, and what was assumed instead;
- **violations** of the JSON Schema for the document's OpenAPI version (2.0, 3.0 and 3.1; there is none for 3.2);
- **advice**: valid parts of the document that make it hard for a model to choose or call a tool.

| severity | meaning |
| --- | --- |
| error | an operation is not served, or an overlay action was not applied |
| warning | something is wrong, or will not work as written |
| advice | a change would help models |

## Rules

$RULES

## Fixes

\`--fix <file>\` writes an [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.1.0.html) (JSON if the name ends in
\`.json\`, otherwise YAML); the document is not changed. Review and edit the overlay, then pass it with \`--overlay\` to
\`lint\`, \`inspect\`, \`run\` and \`generate\`. It fixes the rules marked above, and these problems: $PROBLEMS.

Overlays are applied after path items from other files have been inlined, so operations in other files are fixed too.
Schemas and other parts of those files are not, because an overlay cannot select them; \`fixable\` and the last line of the
output count only the findings that \`--fix\` fixes. The files themselves are never written. A \`$ref\` that an overlay adds
is resolved against the document.

## JSON and SARIF

\`--json\` prints \`{ document, findings, rules, counts, fixable }\`. A finding is \`{ rule, severity, pointer, message }\`,
with a JSON pointer into the document (\`#/paths/~1pets/get\`) or into another file (\`pets.yaml#/get\`). Some findings also
have \`data\`, with the values that their fix needs: \`{ "parameter": "petId" }\` for \`UNDECLARED_PATH_PARAMETER\`.
\`--format sarif\` prints SARIF 2.1.0 with the line and column of each finding.
`;
