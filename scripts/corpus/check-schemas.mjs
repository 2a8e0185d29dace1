// Checks that every listed schema of a document compiles under Ajv 2020, and that the provider of a profile would
// accept it. Runs for one document: `node check-schemas.mjs <file> <profile>`; prints `{ schemas, faults }` as JSON.
import { fileURLToPath } from 'node:url';
import { runCheck } from './run-check.mjs';

/** @returns `{ schemas, fault }`; `fault` is empty if all checks pass */
export async function checkSchemas(file, profile) {
  const { fault: failure, value } = await runCheck(fileURLToPath(import.meta.url), [file, profile]);
  if (failure !== undefined) return { schemas: 0, fault: `schemas: ${failure}` };
  const { schemas, faults } = value;
  return { schemas, fault: faults.length ? `${faults.length} of ${schemas} schemas refused, first ${faults[0]}` : '' };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file, profile] = process.argv;
  process.stdout.write(JSON.stringify(await check(file, profile)));
}

async function check(file, profileName) {
  const [{ openApi }, { PROFILES, violations, nameViolations }, { Ajv2020 }] = await Promise.all([
    import('../../dist/proxy.js'),
    import('../../dist/map/profiles/index.js'),
    import('ajv/dist/2020.js'),
  ]);
  const profile = PROFILES[profileName];
  const api = await openApi(file, { cache: false, profile: profileName });
  const faults = [];
  let schemas = 0;
  for (const { name, inputSchema, outputSchema } of await api.provider.listTools({})) {
    const refused = [...nameViolations(name, profile), ...violations(inputSchema, profile)];
    if (refused.length) faults.push(`${name}: ${profileName} refuses ${refused[0]}`);
    for (const schema of [inputSchema, outputSchema].filter((each) => each !== undefined)) {
      schemas++;
      try {
        // One instance per schema: a shared one would keep all compiled schemas in memory.
        new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
      } catch (error) {
        faults.push(`${name}: ${error.message}`);
      }
    }
  }
  await api.provider.close();
  return { schemas, faults };
}
