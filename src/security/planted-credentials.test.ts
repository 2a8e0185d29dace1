import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ended, fromRoot, type Started, start } from '../cli/started.test.fixture.ts';
import { takesValue } from '../options/option-text.ts';
import { OPTIONS } from '../options/options.ts';
import {
  ANSWERS,
  type AnswerKind,
  certificate,
  type EchoWorld,
  echoDocument,
  filesIn,
  HANDLER_MODULE,
  leaksIn,
  newPlants,
  newSecret,
  type Plant,
  type Planted,
  startEchoWorld,
  toolName,
} from './planted.test.fixture.ts';

// Credentials of every kind, from every source, in every command: none of them is ever shown or written, although the
// API repeats all of them and redirects to another host.

let world: EchoWorld;
let folder: string;
let plants: Readonly<Record<string, Plant>>;
/** Files that the test writes, with secrets. */
let own: string[];
/** All output of a test, by where it comes from. */
const texts: Record<string, string> = {};
beforeAll(async () => {
  world = await startEchoWorld();
});
afterAll(() => world.close());
beforeEach(async ({ onTestFinished }) => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  own = [];
  for (const list of [world.received, world.elsewhere, world.issued]) list.length = 0;
  for (const name of Object.keys(texts)) delete texts[name];
  plants = await newPlants(world.url);
  mkdirSync(join(folder, 'work'));
  file('api.json', JSON.stringify(echoDocument(world, plants)));
});

/** Writes a file of the test. */
function file(name: string, text: string): string {
  const path = join(folder, 'work', name);
  writeFileSync(path, text);
  own.push(path);
  return name;
}

const plantedIn = (schemes: readonly string[]): Planted =>
  Object.fromEntries(
    schemes.flatMap((name) => (plants[name]?.secrets ?? []).map((secret, index) => [`${name} ${index}`, secret])),
  );

const plantedOf = ({ planted, schemes }: Given): Planted => planted ?? plantedIn(schemes);

/** A credential, as the user gives it to a command. */
interface Given {
  /** What is opened. */
  readonly target: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The schemes that have a credential. */
  readonly schemes: readonly string[];
  /** Values besides those of the schemes. */
  readonly planted?: Planted;
  /** What `install` and `init` refuse, because it would be written to a file. */
  readonly isLiteral?: boolean;
}

const environmentOf = (): Record<string, string> =>
  Object.assign({}, ...Object.values(plants).map(({ environment }) => environment));
const withVariables = () =>
  Object.keys(plants).filter((name) => Object.keys(plants[name]?.environment ?? {}).length > 0);
const withFlag = () => Object.keys(plants).filter((name) => plants[name]?.flag !== undefined);

/** Secrets as `${SECRET_0}`, and the variables. */
function referenced(text: string): { readonly text: string; readonly environment: Readonly<Record<string, string>> } {
  const environment: Record<string, string> = {};
  let referring = text;
  for (const [name, secret] of Object.entries(plantedIn(Object.keys(plants)))) {
    const variable = `PLANTED_${name.replace(/\W/g, '_')}`;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
      if (!referring.includes(form)) continue;
      referring = referring.replaceAll(form, `\${${variable}}`);
      environment[variable] = secret;
    }
  }
  return { text: referring, environment };
}

function configWith(schemes: readonly string[]): string {
  file('sign.mjs', HANDLER_MODULE);
  const auth = Object.fromEntries(schemes.map((name) => [name, plants[name]?.config]));
  return JSON.stringify({ apis: { echo: { spec: 'api.json', auth } } });
}

const SOURCES: Readonly<Record<string, { readonly options: readonly string[]; readonly give: () => Given }>> = {
  'the environment': {
    options: [],
    give: () => ({ target: 'api.json', flags: [], environment: environmentOf(), schemes: withVariables() }),
  },
  'a file of variables': {
    options: ['--env-file'],
    give: () => {
      const lines = Object.entries(environmentOf()).map(([name, value]) => `${name}='${value}'\n`);
      const flags = ['--env-file', file('secrets.env', lines.join(''))];
      return { target: 'api.json', flags, environment: {}, schemes: withVariables() };
    },
  },
  'a config file that refers to variables': {
    options: [],
    give: () => {
      const schemes = Object.keys(plants).filter((name) => name !== 'jwk');
      const { text, environment } = referenced(configWith(schemes));
      const target = file('openapi-mcp.config.json', text);
      return { target, flags: [], environment, schemes };
    },
  },
  'a config file': {
    options: [],
    give: () => {
      const schemes = Object.keys(plants);
      return {
        target: file('openapi-mcp.config.json', configWith(schemes)),
        flags: [],
        environment: {},
        schemes,
      };
    },
  },
  '--auth': {
    options: ['--auth'],
    give: () => ({
      target: 'api.json',
      flags: withFlag().flatMap((name) => ['--auth', `${name}=${plants[name]?.flag}`]),
      environment: {},
      schemes: withFlag(),
      isLiteral: true,
    }),
  },
  '--auth that refers to variables': {
    options: ['--auth'],
    give: () => {
      const given = withFlag().map((name) => [name, referenced(plants[name]?.flag ?? '')] as const);
      return {
        target: 'api.json',
        flags: given.flatMap(([name, { text }]) => ['--auth', `${name}=${text}`]),
        environment: Object.assign({}, ...given.map(([, { environment }]) => environment)),
        schemes: withFlag(),
      };
    },
  },
  '--header that refers to variables': {
    options: ['--header'],
    give: () => {
      const [token, other] = [newSecret(), newSecret()];
      return {
        target: 'api.json',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
        flags: ['--header', 'Authorization: Bearer ${TOKEN}', '--header', 'X-Anything: ${OTHER}'],
        environment: { TOKEN: token, OTHER: other },
        schemes: ['bearer'],
        planted: { token, other },
      };
    },
  },
  '--header': {
    options: ['--header'],
    give: () => {
      const [token, cookie] = [newSecret(), newSecret().replace(/["=&]/g, '')];
      return {
        target: 'api.json',
        flags: ['--header', `Authorization: Bearer ${token}`, '--header', `Cookie: sid=${cookie}`],
        environment: {},
        schemes: ['bearer'],
        planted: { token, cookie },
        isLiteral: true,
      };
    },
  },
  '--cert, --key and --passphrase': {
    options: ['--cert', '--key', '--passphrase'],
    give: () => {
      const passphrase = newSecret();
      const { ca, cert, key } = certificate(passphrase);
      const files = { '--ca': ca, '--cert': cert, '--key': key, '--passphrase': `${passphrase}\n` };
      const flags = Object.entries(files).flatMap(([flag, text]) => [flag, file(`${flag.slice(2)}.pem`, text)]);
      const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
      const planted = { passphrase, ...Object.fromEntries(lines.map((line, index) => [`key ${index}`, line])) };
      return { target: 'api.json', flags, environment: {}, schemes: ['tls'], planted };
    },
  },
};

/** Options whose values are not credentials, although their descriptions mention some. */
const NO_SOURCES = [
  '--audience',
  '--budget',
  '--ca',
  '--client-id',
  '--confirm',
  '--credentials-for',
  '--max-result-tokens',
  '--mode',
  '--public-url',
  '--record',
  '--replay',
  '--resource',
  // Its password is planted in src/scale-out.test.ts, with a Redis.
  '--store',
  '--token-store',
];

describe('the table has a row', () => {
  test('for each kind of credential', () => {
    const texts = ['credentials', 'client-credentials', 'caller-credential'].map((name) =>
      readFileSync(fromRoot(`src/runtime/api/auth/${name}.ts`), 'utf8'),
    );
    const [all = '', client = '', caller = ''] = texts;
    const kinds = [all, client, caller.slice(0, caller.indexOf('export type CallerWay'))].flatMap((text) =>
      [...text.matchAll(/readonly kind: '(\w+)'/g)].map(([, kind = '']) => kind),
    );
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(8);
    // Those of people are searched for in src/cli/{auth,auth-server,on-behalf}.test.ts.
    const rows = [...Object.values(plants).map(({ kind }) => kind), 'login', 'caller'];
    expect([...new Set(kinds)].sort()).toEqual([...new Set(rows)].sort());
  });

  test('for each option that takes one', () => {
    const mentions = /credential|secret|passphrase|\$\{ENV\}|variables|certificate|token|key/i;
    const options = OPTIONS.filter((row) => takesValue(row) && mentions.test(row.description));
    const named = options.map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? '');
    const covered = [...Object.values(SOURCES).flatMap((source) => source.options), '--document-header'];
    expect(named.filter((flag) => !covered.includes(flag)).sort()).toEqual(NO_SOURCES);
  });
});

const env = ({ environment }: Given) => ({ HOME: folder, ...environment });

async function run(given: Given, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ended(args, { cwd: join(folder, 'work'), env: env(given) });
  texts[`${args.slice(0, 3).join(' ')} ${args.includes('--json') ? '--json' : ''}`.trim()] = stdout + stderr;
  return `${code} ${stdout}${stderr}`;
}

function expectNoLeak(given: Given): void {
  const planted: Planted = {
    ...plantedOf(given),
    ...Object.fromEntries(world.issued.map((token, index) => [`issued ${index}`, token])),
  };
  const files = filesIn(folder, own);
  expect(Object.keys(texts).length).toBeGreaterThan(0);
  expect(leaksIn({ ...texts, ...files, elsewhere: world.elsewhere.join('\n') }, planted)).toEqual([]);
}

const CLIENTS = ['cursor', 'codex', 'goose'].flatMap((client) => ['--client', client]);

/** Every source with as many cases as in CI (`OPENAPI_MCP_SEEDS`), otherwise the first one. */
const isInFull = Number(process.env.OPENAPI_MCP_SEEDS ?? 100) >= 1000;
const tried = Object.keys(SOURCES).slice(0, isInFull ? undefined : 1);

describe.each(tried)('a credential from %s', (source) => {
  const isComplete = source === 'the environment';
  const giveIt = (): Given => {
    const given = (SOURCES[source] as (typeof SOURCES)[string]).give();
    // Nobody but the user knows a key and its passphrase.
    world.repeat(given.schemes.includes('tls') ? {} : plantedOf(given));
    return given;
  };

  test('is in no output and no file of the commands that describe', { timeout: 180_000 }, async () => {
    const given = giveIt();
    const { target, flags, isLiteral } = given;
    const isConfig = target !== 'api.json';
    const reads = flags.filter((_, index) => !/^--(?:ca|cert|key|passphrase)$/.test(flags[index - (index % 2)] ?? ''));
    expect(await run(given, 'run', target, '--dry-run', '--log-level', 'debug', ...flags)).toMatch(/^0 /);
    expect(await run(given, 'run', target, '--dry-run', '--json', ...flags)).toMatch(/^0 /);
    expect(await run(given, 'inspect', target, ...reads, '--lock')).toMatch(/^0 /);
    expect(await run(given, 'inspect', target, ...reads, '--json')).toMatch(/^0 /);
    expect(await run(given, 'diff', target, ...reads, '--json')).toMatch(/^0 /);
    expect(await run(given, 'list', target, ...flags, '--json')).toMatch(/^0 /);
    expect(await run(given, 'auth', 'status', '--json')).toMatch(/^0 /);
    const refusal = isLiteral ? /^2 .*would be written/ : /^0 /;
    expect(await run(given, 'install', target, ...CLIENTS, '--dry-run', ...flags)).toMatch(refusal);
    expect(await run(given, 'install', target, ...CLIENTS, '--json', ...flags)).toMatch(refusal);
    if (!isConfig) {
      expect(await run(given, 'init', target, '--yes', '--dry-run', ...flags)).toMatch(refusal);
      expect(await run(given, 'init', target, '--yes', ...flags)).toMatch(refusal);
      const ofDocument = flags.includes('--env-file') ? flags : [];
      expect(await run(given, 'generate', target, '--out', 'project', '--json', ...ofDocument)).toMatch(/^0 /);
    }
    expectNoLeak(given);
  });

  test('is in no output of calls', { timeout: 180_000 }, async () => {
    const given = giveIt();
    const { target, flags, schemes } = given;
    // The API repeats all of them in each response.
    const called = isComplete ? schemes : [schemes[0] ?? '', schemes.at(-1) ?? ''];
    for (const scheme of called) {
      for (const kind of isComplete ? answersOf(scheme, ['client', 'header'].includes(scheme)) : ['ok' as const]) {
        const name = toolName(scheme, kind);
        const shown = await run(given, 'call', target, name, ...flags, ...(kind === 'e401' ? ['--json'] : []));
        // A key of AWS on the command line has no region, which the host does not name here.
        if (scheme !== 'aws') expect(shown, name).not.toContain('MISSING_CREDENTIAL');
        if (kind === 'ok' && plants[scheme]?.isSent && scheme !== 'broken' && !shown.includes('MISSING'))
          expect(shown, name).toContain('[credential]');
      }
    }
    expectSent({ ...given, schemes: called });
    expectNoLeak(given);
  });

  test.each(isComplete ? ['stdio', 'http'] : ['stdio'])(
    'is in no message and no log of a server over %s',
    { timeout: 180_000 },
    async (way) => {
      const given = giveIt();
      const { target, flags, schemes } = given;
      const names = schemes.flatMap((scheme) =>
        (isComplete || scheme === 'tls' ? answersOf(scheme, true) : ['e401' as const]).map((kind) =>
          toolName(scheme, kind),
        ),
      );
      const json = way === 'http' ? ['--json', '--transport', 'http', '--port', '0'] : ['--get-as', 'both'];
      const allowed = target === 'api.json' ? json : json.filter((word) => !/get-as|both/.test(word));
      const args = ['run', target, '--log-level', 'debug', ...allowed, ...flags];
      const running = start(args, { cwd: join(folder, 'work'), env: env(given) });
      try {
        const answers = way === 'http' ? await askOverHttp(running, names) : await askOverStdio(running, names);
        expect(answers).toContain('serverInfo');
        expect(answers).toContain(source.includes('cert') ? 'tls_ok' : '[credential]');
        expect(answers.match(/"id":\d+/g)).toHaveLength(requests(names).length + 1);
        texts[way] = answers;
      } finally {
        running.kill('SIGTERM');
      }
      const { stderr, stdout } = await running.ended;
      expect(stderr).toContain(names[0]);
      texts.log = stderr + stdout;
      expectSent(given);
      expectNoLeak(given);
    },
  );
});

/** All, or two: a success and a rejected credential. */
const answersOf = (scheme: string, all: boolean): readonly AnswerKind[] =>
  scheme === 'tls' ? ['ok'] : all ? ANSWERS : ['ok', 'e401'];

describe('a header for the document', () => {
  const SAID = ['inspect', 'list', 'lint', 'run --dry-run', 'install --dry-run --client cursor', 'init --yes'];

  test.each(
    SAID.flatMap((command) => [`${command} /api.json`, `${command} /header/e401`, `${command} /header/nowhere`]),
  )('is in no output of %s, and in no file', async (command) => {
    const secret = newSecret();
    world.serve(echoDocument(world, plants));
    world.repeat({ secret });
    const words = command.split(' ');
    const given = { target: world.url + words.pop(), flags: [], environment: { SECRET: secret }, schemes: [] };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    const shown = await run(given, ...words, given.target, '--document-header', 'X-Document: ${SECRET}');
    expect(shown).not.toMatch(/^2 |no option/);
    expect(world.received.join('\n')).toContain(secret);
    expectNoLeak({ ...given, planted: { secret } });
  });

  test.each(['install', 'init'])('%s does not write a literal one to a file', async (command) => {
    const secret = newSecret().replace(/\W/g, '');
    world.serve(echoDocument(world, plants));
    const given = { target: `${world.url}/api.json`, flags: [], environment: {}, schemes: [], planted: { secret } };
    const more = command === 'init' ? ['--yes'] : ['--client', 'cursor'];
    const header = `X-Document: ${secret}`;
    const shown = await run(given, command, given.target, ...more, '--document-header', header);
    expect(shown).toContain("--document-header 'X-Document: …' would be written to the config file in plain text.");
    expectNoLeak(given);
  });
});

/** Otherwise the test would search for what was not there. */
function expectSent({ schemes, planted }: Given): void {
  const sent = world.received.join('\n');
  for (const name of schemes.filter((one) => planted === undefined && plants[one]?.isSent && one !== 'aws')) {
    expect(
      plants[name]?.secrets.some((secret) => sent.includes(secret)),
      name,
    ).toBe(true);
  }
}

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
};

/** What a client asks for: all lists, each tool, a tool that does not exist, and wrong arguments. */
const requests = (names: readonly string[]): readonly (readonly [method: string, params: object])[] => [
  ['logging/setLevel', { level: 'debug' }],
  ['tools/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['prompts/list', {}],
  ['tools/call', { name: 'missing', arguments: {} }],
  ...names.map((name) => ['tools/call', { name, arguments: {} }] as const),
];

async function askOverStdio(running: Started, names: readonly string[]): Promise<string> {
  let stdout = '';
  const seen = new Set<number>();
  const lines = createInterface(running.stdout);
  lines.on('line', (line) => {
    stdout += `${line}\n`;
    const { id } = JSON.parse(line);
    if (id !== undefined) seen.add(id);
  });
  const answered = async (id: number): Promise<void> => {
    while (!seen.has(id)) await once(lines, 'line');
  };
  const send = (message: object) => running.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({ id: 0, method: 'initialize', params: INITIALIZE });
  await answered(0);
  send({ method: 'notifications/initialized' });
  const all = requests(names);
  for (const [index, [method, params]] of all.entries()) send({ id: index + 1, method, params });
  for (const index of all.keys()) await answered(index + 1);
  return stdout;
}

async function askOverHttp(running: Started, names: readonly string[]): Promise<string> {
  await running.said('/mcp');
  const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(running.stderr())?.[0] ?? '';
  let id = 0;
  const ask = async (method: string, params: object, session?: string) => {
    id += 1;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': INITIALIZE.protocolVersion,
        ...(session !== undefined && { 'Mcp-Session-Id': session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    });
    return { text: `${[...response.headers].join('\n')}\n${await response.text()}`, headers: response.headers };
  };
  const first = await ask('initialize', INITIALIZE);
  const session = first.headers.get('mcp-session-id') ?? undefined;
  const others = await Promise.all(requests(names).map(([method, params]) => ask(method, params, session)));
  return [first.text, ...others.map(({ text }) => text)].join('\n');
}
