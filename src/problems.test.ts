import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { DEFAULT_MAP_OPTIONS } from './map/index.ts';
import { decodeText, type ParseOptions, parseText, resolvePointer } from './parse/index.ts';
import { PROBLEMS, type Problem, type ProblemCode } from './problems.ts';

const FOLDER = join(import.meta.dirname, '../test-specs/broken');

/** What is wrong in `test-specs/broken/<code in kebab case>.yaml` (or `.json`); with a file name: in that file. */
const DEFECTS: Readonly<Record<ProblemCode, string>> = {
  NOT_STRICT_JSON: '#',
  BROKEN_YAML: '#',
  DUPLICATE_KEY: '#/paths/~1a',
  TEXT_ENCODING: '#',
  SEVERAL_YAML_DOCUMENTS: '#',
  UNKNOWN_VERSION: '#/openapi',
  MISSING_VERSION: '#',
  MIXED_VERSIONS: '#/paths/~1a/post/parameters/0',
  BODY_AND_FORM: '#/paths/~1a/post/parameters',
  SEVERAL_BODIES: '#/paths/~1a/post/parameters/1',
  FILE_WITHOUT_MULTIPART: '#/paths/~1a/post/parameters/0',
  NESTED_COLLECTION_FORMAT: '#/paths/~1a/get/parameters/0/items',
  HIDDEN_TEXT: '#/paths/~1pets/get/description',
  UNRESOLVED_REF: '#/paths/~1pets/get/responses/200/content/application~1json/schema',
  CIRCULAR_REF: '#/paths/~1pets/get/parameters/0',
  BAD_REF: '#/paths/~1a/get/responses/200/content/application~1json/schema',
  REF_OUTSIDE_FOLDER: '#/paths/~1a/get/responses/200/content/application~1json/schema',
  REMOTE_REF_REFUSED: '#/paths/~1a/get/responses/200/content/application~1json/schema',
  UNREADABLE_REF: '#/paths/~1a/get/responses/200/content/application~1json/schema',
  NOT_AN_OBJECT: '#/paths/~1pets/get/parameters/0',
  MISSING_INFO: '#',
  NO_OPERATIONS: '#/paths',
  BAD_PATH: '#/paths/pets',
  PATH_FRAGMENT_IGNORED: '#/paths/~1messages#text',
  UNKNOWN_PATH_ITEM_FIELD: '#/paths/~1pets/tags',
  BAD_METHOD: '#/paths/~1pets/additionalOperations/BUY NOW',
  METHOD_IN_CAPITALS: '#/paths/~1pets/GET',
  BAD_OPERATION: '#/paths/~1pets/post',
  DUPLICATE_OPERATION_ID: '#/paths/~1dogs/get/operationId',
  WEBHOOKS_IGNORED: '#/webhooks',
  PARAMETER_WITHOUT_NAME: '#/paths/~1pets/get/parameters/0',
  PARAMETER_BAD_LOCATION: '#/paths/~1pets/get/parameters/0',
  DUPLICATE_PARAMETER: '#/paths/~1pets/get/parameters/1',
  COLON_PATH_PARAMETER: '#/paths/~1pets~1:petId/get',
  UNDECLARED_PATH_PARAMETER: '#/paths/~1pets~1{petId}',
  PATH_PARAMETER_NOT_IN_TEMPLATE: '#/paths/~1pets/get/parameters/0',
  UNNAMED_PATH_PARAMETER: '#/paths/~1pets~1{}',
  IGNORED_HEADER_PARAMETER: '#/paths/~1pets/get/parameters/0',
  BAD_STYLE: '#/paths/~1a~1{ids}/get/parameters/0',
  BAD_SCHEMA: '#/paths/~1pets/get/parameters/0/schema',
  TOO_DEEP: '#/paths/~1pets/post/requestBody/content/application~1json/schema/example',
  BAD_SCHEMA_KEYWORD: '#/paths/~1pets/get/parameters/0/schema/minimum',
  ENUM_OF_ANOTHER_TYPE: '#/paths/~1pets/get/parameters/0/schema/enum',
  UNSATISFIABLE_ARGUMENT: '#/paths/~1pets/get',
  BAD_PATTERN: '#/paths/~1pets/get/parameters/0/schema/pattern',
  CATASTROPHIC_PATTERN: '#/paths/~1pets/get/parameters/0/schema/pattern',
  UNSUPPORTED_SCHEMA_KEYWORD: '#/paths/~1pets/get/parameters/0/schema/divisibleBy',
  BAD_REQUEST_BODY: '#/paths/~1pets/post/requestBody/content',
  BAD_MEDIA_TYPE: '#/paths/~1pets/post/requestBody/content/json',
  BAD_RESPONSE: '#/paths/~1pets/get/responses/ok',
  MISSING_RESPONSES: '#/paths/~1pets/get',
  BAD_SERVER: '#/servers/1',
  UNKNOWN_SECURITY_SCHEME: '#/paths/~1pets/get/security/0',
  BAD_SECURITY_SCHEME: '#/components/securitySchemes/key',
  UNSUPPORTED_SECURITY_SCHEME: '#/components/securitySchemes/hoba',
  UNSUPPORTED_OAUTH_FLOW: '#/components/securitySchemes/login/flows/implicit',
  CREDENTIAL_NAME_COLLISION: '#/components/securitySchemes/api_key',
  BAD_EXTENSION: '#/paths/~1pets/get/x-mcp',
  UNTRUSTED_HINT: '#/paths/~1pets/delete',
  OVERLAY_UNMATCHED: 'overlay-unmatched.overlay.yaml#/actions/0',
  OVERLAY_BAD_ACTION: 'overlay-bad-action.overlay.yaml#/actions/0',
  OVERLAY_BAD_PATH: 'overlay-bad-path.overlay.yaml#/actions/0',
  OVERLAY_UNSUPPORTED_VERSION: 'overlay-unsupported-version.overlay.yaml#/overlay',
};
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const COSTS_AN_ACTION: readonly ProblemCode[] = [
  'OVERLAY_BAD_ACTION',
  'OVERLAY_BAD_PATH',
  'OVERLAY_UNSUPPORTED_VERSION',
];

describe.each(CODES)('%s', (code) => {
  test('is shown by a document of its own, at a place that is there and in the defect', async () => {
    const shown = (await problemsOf(code)).find((problem) => problem.code === code);
    expect(shown).toBeDefined();
    expect(`${shown?.pointer}/`).toContain(`${DEFECTS[code]}/`);
    expect(await isThere(code, shown?.pointer ?? '')).toBe(true);
  });

  test('is the only thing wrong there, and an error only where something is lost', async () => {
    const problems = await problemsOf(code);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    for (const { severity, operation } of problems)
      expect(severity === 'error').toBe(operation !== undefined || COSTS_AN_ACTION.includes(code));
  });
});

test('every document of test-specs/broken shows a problem of the catalogue', () => {
  const strayed = readdirSync(FOLDER).filter((file) => !CODES.includes(codeOf(file)));
  expect(strayed).toEqual([]);
});

test('docs/problems.md matches the catalogue (npx vitest run src/problems -u updates it)', async () => {
  const sections = await Promise.all(CODES.map(section));
  await expect(`${HEAD}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot('../docs/problems.md');
});

const HEAD = `# Problems

The problems that a document or an overlay can have. None of them stops the rest of the document from being served.
\`openapi-mcp inspect\` and \`openapi-mcp lint\` list them, each with the JSON pointer of its place.

- **error**: something is excluded: the operations at the place, or an overlay action. Any other problem that excludes an
  operation is also an error.
- **warning**: served, with the assumption in the message.
- **info**: good to know.

This page is generated from \`src/problems.ts\` and the documents in \`test-specs/broken/\`.`;

async function section(code: ProblemCode): Promise<string> {
  const { severity, cause, fix } = PROBLEMS[code];
  const { pointer, message } = (await problemsOf(code)).find((problem) => problem.code === code) as Problem;
  return [
    `## ${code}`,
    `*${severity}* — ${cause}`,
    `**Fix:** ${fix}`,
    `**Example:** [${fileOf(code)}](../test-specs/broken/${fileOf(code)})`,
    `\`\`\`\n${pointer}\n  ${message.replaceAll(FOLDER, '…')}\n\`\`\``,
  ].join('\n\n');
}

/** `bad-ref.yaml` → `BAD_REF` */
const codeOf = (file: string) => file.replace(/\..*$/, '').replaceAll('-', '_').toUpperCase() as ProblemCode;

const stemOf = (code: ProblemCode): string => code.toLowerCase().replaceAll('_', '-');

function fileOf(code: ProblemCode): string {
  const json = `${stemOf(code)}.json`;
  return existsSync(join(FOLDER, json)) ? json : `${stemOf(code)}.yaml`;
}

async function problemsOf(code: ProblemCode): Promise<readonly Problem[]> {
  const overlay = join(FOLDER, `${stemOf(code)}.overlay.yaml`);
  const overlays = existsSync(overlay) ? [overlay] : [];
  const options = { parse: READING, overlays, map: DEFAULT_MAP_OPTIONS };
  const { problems } = await compile(join(FOLDER, fileOf(code)), options, undefined);
  return problems.map((problem) => ({ ...problem, pointer: problem.pointer.replace(`${FOLDER}/`, '') }));
}

const noNetwork = () => Promise.reject(new Error('These documents need no network.'));
const READING: Omit<ParseOptions, 'amend'> = {
  send: noNetwork,
  sendRedirected: () => noNetwork,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 1_000,
  maxBytes: 1_000_000,
  stdin: undefined,
  cached: undefined,
};

/** Whether the pointer leads to something, in the text as it is written. */
async function isThere(code: ProblemCode, pointer: string): Promise<boolean> {
  const [file = '', ...fragment] = pointer.split('#');
  const name = file === '' ? fileOf(code) : file;
  const { value } = await parseText(decodeText(readFileSync(join(FOLDER, name))).text, name);
  return resolvePointer(value, `#${fragment.join('#')}`) !== undefined;
}
