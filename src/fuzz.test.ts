import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'vitest';
import { stringify } from 'yaml';
import { type Compiled, compile } from './compile.ts';
import { FUZZ_TIMEOUT, fuzz, READING, RUNS, tell, thousands } from './fuzz-runs.test.fixture.ts';
import { DEFAULT_MAP_OPTIONS, type MapOptions } from './map/index.ts';
import { PROFILES, type ProfileName, violations } from './map/profiles/index.ts';
import type { JsonSchemaObject, Operation } from './model/index.ts';
import { mutated, pick } from './mutate.test.fixture.ts';
import { DocumentError } from './parse/api-document.ts';
import { decodeText, parseText } from './parse/index.ts';
import { withDefs } from './runtime/api/schema/schema-closure.ts';

// Broken documents, made by mutating whole ones. FUZZ_FOLDER=<folder> takes other documents than those of test-specs.
const FILE = 'src/fuzz.test';
const { FUZZ_FOLDER = join(import.meta.dirname, '../test-specs'), FUZZ_MAX_BYTES = '1000000' } = process.env;
const SLOWEST_MS = 10_000;
const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[]; // its own keys

test(`${RUNS} mutated documents make a sound model or a clear error, soon`, { timeout: FUZZ_TIMEOUT }, async () => {
  const documents = await readDocuments(FUZZ_FOLDER);
  await fuzz({ file: FILE }, async (random) => {
    const { file, value } = pick(documents, random);
    const { text, done } = mutated(value, random, stringify);
    const found = await faultsOf(text, pick(PROFILE_NAMES, random), pick(['all', 'listed'] as const, random));
    return found.map((fault) => `${file}, ${done.join('; ')}: ${fault}`);
  });
  tell(`documents: ${thousands(RUNS)} mutated`);
});

interface ReadDocument {
  readonly file: string;
  readonly value: unknown;
}

/** Every file of the folder that is JSON or YAML. */
async function readDocuments(folder: string): Promise<readonly ReadDocument[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(json|ya?ml)$/i.test(file))
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).size <= Number(FUZZ_MAX_BYTES))
    .sort();
  const read = files.map(async (file): Promise<ReadDocument[]> => {
    try {
      return [
        { file: relative(folder, file), value: (await parseText(decodeText(readFileSync(file)).text, file)).value },
      ];
    } catch (error) {
      if (error instanceof DocumentError) return [];
      throw error;
    }
  });
  return (await Promise.all(read)).flat();
}

async function faultsOf(
  text: string,
  profile: ProfileName,
  answerSchemas: MapOptions['answerSchemas'],
): Promise<readonly string[]> {
  const started = performance.now();
  try {
    const map: MapOptions = { ...DEFAULT_MAP_OPTIONS, profile, answerSchemas };
    const options = { parse: READING, overlays: [], map };
    const compiled = await compile({ text, location: 'memory.yaml' }, options, undefined);
    return [...slow(started), ...unsound(compiled), ...refusedByProfile(compiled, profile)];
  } catch (error) {
    const clear = error instanceof DocumentError && error.message !== '' && error.fix !== '';
    return [...slow(started), ...(clear ? [] : [error instanceof Error ? String(error.stack) : String(error)])];
  }
}

function slow(started: number): string[] {
  const ms = Math.round(performance.now() - started);
  return ms > SLOWEST_MS ? [`took ${ms} ms`] : [];
}

function unsound({ model, problems }: Compiled): string[] {
  const names = model.operations.map(({ id }) => id);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  return [
    ...names.filter((name) => !/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/.test(name)).map((name) => `the name "${name}"`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `"${name}" twice`),
    ...problems
      .filter(({ pointer, message }) => !/^[^#]*#(\/|$)/.test(pointer) || message === '')
      .map(({ code, pointer }) => `${code} at "${pointer}"`),
    ...problems
      .filter(({ severity, operation }) => (severity === 'error') !== (operation !== undefined))
      .map(({ code }) => `${code} is an error that costs nothing, or costs something and is none`),
    ...(JSON.stringify(JSON.parse(JSON.stringify(model))) === JSON.stringify(model) ? [] : ['not plain JSON']),
    ...model.operations.flatMap((operation) =>
      schemasOf(operation).flatMap((schema) => refused(ajv, withDefs(schema, model.schemas), operation.id)),
    ),
  ];
}

function refusedByProfile({ model }: Compiled, profile: ProfileName): string[] {
  return model.operations.flatMap(({ id, arguments: exact, tool }) => {
    const listed = withDefs(tool?.inputSchema ?? exact, model.schemas);
    const [first] = tool ? violations(listed, PROFILES[profile]) : [];
    return first === undefined ? [] : [`${profile} refuses "${id}": ${first}`];
  });
}

const schemasOf = ({ arguments: exact, tool }: Operation): readonly JsonSchemaObject[] =>
  [exact, tool?.inputSchema, tool?.outputSchema].filter((schema) => schema !== undefined);

/** Documents have many schemas in common with their mutations: each is compiled once. */
const sound = new Set<string>();

function refused(ajv: Ajv2020, schema: JsonSchemaObject, id: string): string[] {
  const text = JSON.stringify(schema);
  if (sound.has(text)) return [];
  try {
    ajv.compile(JSON.parse(text));
    sound.add(text);
    return [];
  } catch (error) {
    return [`the schema of "${id}" does not compile: ${error instanceof Error ? error.message : String(error)}`];
  }
}
