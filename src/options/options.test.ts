import { describe, expect, test } from 'vitest';
import { CONFIG } from '../config/config-spec.ts';
import type { ObjectShape, Spec } from '../config/spec.ts';
import { mapOptions, PROXY_KINDS } from '../proxy.ts';
import { DEFAULT_LIMITS, LIMITS } from '../runtime/api/limits.ts';
import type { OptionKind } from '../runtime/options/option-kinds.ts';
import { HTTP_DEFAULTS } from '../runtime/serve/http/node-http.ts';
import { checkedHttpServer, checkedRun } from '../runtime/serve/serve-options.ts';
import { withApiDefaults } from './api-defaults.ts';
import type { OptionRow } from './option-row.ts';
import { flagName } from './option-text.ts';
import { OPTIONS } from './options.ts';

test('the table of options lists no option twice for a command', () => {
  const flags = OPTIONS.flatMap((row) => row.commands.map((command) => `${command} ${row.flags.split(' ')[0]}`));
  expect(flags).toEqual([...new Set(flags)]);
});

/** Options that programs pass under another name, because they have another unit. */
const PROGRAM_NAMES: Readonly<Record<string, string>> = {
  timeout: 'timeoutMs',
  maxResult: 'maxResultBytes',
  refresh: 'refreshMs',
};

/** Options of programs with a default, as they arrive in the next stage. */
const PROGRAM_DEFAULTS: Readonly<Record<string, unknown>> = { ...mapOptions({}), ...DEFAULT_LIMITS, cache: true };

const programKinds: Readonly<Record<string, OptionKind>> = PROXY_KINDS;
const configRows = OPTIONS.flatMap((row) => (row.config ? [{ ...row, config: row.config }] : []));
const apiRows = configRows.filter(({ config }) => config.of === 'api').map((row) => [row.config.key, row] as const);

describe('an option means the same as a flag, as a config key and in a program', () => {
  test.each(configRows.map((row) => [row.flags, row] as const))('%s: the config key', (_, row) => {
    const spec = specOf(row.config);
    expect(spec.kind === 'choice' ? spec.choices : undefined).toEqual(row.choices);
    expect(spec.kind === 'number' ? spec.range : undefined).toEqual(row.number);
    if (row.default !== undefined) expect(spec.description).toContain(`default: ${row.default}`);
  });

  test.each(apiRows)('%s: the option of openApi()', (key, row) => {
    const name = PROGRAM_NAMES[key] ?? key;
    const kind = programKinds[name];
    if (row.choices) expect(kind?.expected).toBe(`one of ${row.choices.join(', ')}`);
    expect(kind).toMatchObject({ fits: expect.any(Function) });
    const flags: Readonly<Record<string, unknown>> = { ...withApiDefaults({}) };
    if (name in PROGRAM_DEFAULTS) expect(inProgram(name, flags[flagName(row)])).toEqual(PROGRAM_DEFAULTS[name]);
  });

  test.each(Object.entries(LIMITS))('%s: a program accepts the range of the flag', (name, { written }) => {
    const key = Object.entries(PROGRAM_NAMES).find(([, long]) => long === name)?.[0];
    const row = configRows.find(({ config }) => config.key === key);
    for (const end of ['min', 'max'] as const) {
      expect(inProgram(name, row?.number?.[end])).toBe(written[end]);
      expect(programKinds[name]?.fits(written[end])).toBe(true);
    }
    expect(row?.number?.whole).toBe(written.whole);
  });

  test.each(['host', 'port', 'path'] as const)('%s: the option of serveHttp()', (key) => {
    const row = configRows.find(({ config }) => config.key === key);
    expect(row?.default).toBe(HTTP_DEFAULTS[key]);
    if (!row?.number) return;
    const { min, max } = row.number;
    for (const port of [min, max]) expect(checkedHttpServer({ port })).toEqual({ port });
    for (const port of [min - 1, max + 1, 0.5]) expect(() => checkedHttpServer({ port })).toThrow('"port" must be');
  });

  test('transport: the option of run()', () => {
    const row = configRows.find(({ config }) => config.key === 'transport');
    expect(checkedRun(undefined)).toEqual({ transport: row?.default });
    for (const transport of row?.choices ?? []) expect(checkedRun({ transport } as never)).toEqual({ transport });
  });
});

/** Time limits of programs are in milliseconds. */
const inProgram = (name: string, value: unknown): unknown =>
  name.endsWith('Ms') && typeof value === 'number' ? value * 1000 : value;

function specOf({ of, key }: NonNullable<OptionRow['config']>): Spec {
  const whole: ObjectShape = CONFIG;
  const { apis } = whole.fields;
  const api = apis?.kind === 'map' ? apis.of : undefined;
  const fields = of === 'api' && api?.kind === 'object' ? api.fields : whole.fields;
  const spec = fields[key];
  if (!spec) throw new Error(`The config has no key "${key}".`);
  return spec;
}
