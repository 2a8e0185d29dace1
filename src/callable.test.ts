import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApi } from './proxy.ts';
import { createInterpretingValidator } from './runtime/api/arguments/interpret-arguments.ts';
import { createArgumentValidator } from './runtime/api/arguments/validate-arguments.ts';
import { exampleValue } from './runtime/api/schema/example-value.ts';

const SPECS = join(import.meta.dirname, '../test-specs');
const documents = ['', 'broken/', 'github/', 'multi-file/']
  .flatMap((folder) => readdirSync(join(SPECS, folder)).map((name) => folder + name))
  .filter((name) => /^(?:broken\/)?[^/]+\.(?:json|ya?ml)$|openapi\.(?:json|yaml)$/.test(name))
  .filter((name) => !name.includes('.overlay.'));

/** Examples do not follow patterns: what one refuses has not been shown to be refused always. */
const OPEN = /must match the pattern/;

describe('every tool has a call that is valid, or a problem that says that it has none', () => {
  test.each(documents)('%s', async (name) => {
    const opened = await openApi(join(SPECS, name), { cache: false }).catch(() => undefined);
    // Some broken documents hold nothing to be served.
    if (!opened) return expect(name).toMatch(/^broken\//);
    const { model, problems, provider } = opened;
    await provider.close();
    const validator = createArgumentValidator();
    const interpreting = createInterpretingValidator();
    const refused: string[] = [];
    for (const operation of model.operations) {
      const { required, properties } = operation.arguments;
      const args = Object.fromEntries(
        required.map((key) => [key, exampleValue(properties[key] ?? true, model.schemas)]),
      );
      const faults = await validator.validate(operation, model.schemas, args);
      expect(await interpreting.validate(operation, model.schemas, args)).toEqual(faults);
      if (faults.some(({ message }) => !OPEN.test(message))) refused.push(operation.origin.pointer);
    }
    const told = problems.filter(({ code }) => code === 'UNSATISFIABLE_ARGUMENT').map(({ pointer }) => pointer);
    expect(refused).toEqual([...new Set(told)]);
  });
});
