import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { connect } from 'openapi-mcp/client';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ended, fromRoot } from '../../cli/started.test.fixture.ts';
import { PETS, packBench } from '../pack.test.fixture.ts';

const bench = packBench();
const read = (name: string) => readFileSync(join(bench.folder(), 'out', `${name}.yaml`), 'utf8');

test('every manifest is valid in Kubernetes', async () => {
  expect((await bench.pack('k8s')).code).toBe(0);
  const models = {
    configmap: ConfigMap,
    deployment: Deployment,
    service: Service,
    autoscaler: HorizontalPodAutoscaler,
    disruptionbudget: PodDisruptionBudget,
    networkpolicy: NetworkPolicy,
  };
  expect(
    readdirSync(join(bench.folder(), 'out'))
      .filter((name) => name.endsWith('.yaml'))
      .sort(),
  ).toEqual(
    Object.keys(models)
      .map((name) => `${name}.yaml`)
      .sort(),
  );
  for (const [name, Model] of Object.entries(models)) {
    const manifest = parse(read(name));
    expect(() => new Model(manifest).validate(), name).not.toThrow();
    expect(manifest.metadata.name).toBe('pet-shop');
  }
});

/** Puts the files of the ConfigMap where the pod has them. */
function mounted(): string {
  const { data } = parse(read('configmap'));
  const [{ configMap }] = parse(read('deployment')).spec.template.spec.volumes;
  const folder = join(bench.folder(), 'mounted');
  for (const { key, path } of configMap.items) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), data[key]);
  }
  return folder;
}

test('the command of the pods serves the ConfigMap, under the names of the Service', async () => {
  await bench.pack('k8s', '--public-url', 'https://pets.example/mcp');
  const [container] = parse(read('deployment')).spec.template.spec.containers;
  const [node, ...words]: string[] = container.command;
  expect(node).toBe('node');
  // Requests of one client reach any of the pods.
  expect(words).toContain('--stateless');
  const folder = mounted();
  const args = words.map((word) =>
    word
      .replace('/app/node_modules/openapi-mcp/', fromRoot(''))
      .replace('/etc/openapi-mcp', folder)
      .replace('$(NAMESPACE)', 'shops')
      .replace(/^8000$/, '0'),
  );
  const url = await bench.serve(args, { cwd: folder, env: { OPENAPI_MCP_TOKEN: 't-1', API_KEY_SHOP_KEY: 'k-1' } });
  await using client = await connect({ url: `${url}/mcp`, headers: { Authorization: 'Bearer t-1' } });
  const { isError = false } = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
  expect(isError).toBe(false);
  expect(bench.requests().at(-1)?.headers['x-shop-key']).toBe('k-1');
  const allowed = ['pet-shop', 'pet-shop.shops', 'pet-shop.shops.svc.cluster.local', 'pets.example', 'localhost'];
  expect(await Promise.all(allowed.map((host) => status(`${url}/mcp`, host)))).toEqual(allowed.map(() => 401));
  expect(await status(`${url}/mcp`, 'elsewhere.example')).toBe(403);
  // Probes come to the address of a pod.
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  const paths = probes.map(({ httpGet }) => httpGet.path);
  expect(paths).toEqual(['/healthz', '/readyz', '/healthz']);
  expect(await Promise.all(paths.map((path) => status(url + path, '10.1.2.3:8000')))).toEqual([200, 200, 200]);
});

test('with a store, pods keep sessions, and the URL and the key of the store come from the Secret', async () => {
  const config = join(bench.folder(), 'openapi-mcp.config.json');
  const packed = (out: string) =>
    ended(['pack', 'openapi-mcp.config.json', '--target', 'k8s', '--out', out], {
      cwd: bench.folder(),
      env: bench.env({ REDIS_URL: 'redis://:pa55word@redis:6379' }),
    });
  const variable = `\${REDIS_URL}`;
  const written = { name: 'pets', apis: { pets: { spec: PETS } }, store: variable, storeName: 'pets' };
  writeFileSync(config, JSON.stringify(written));
  const { code, stderr } = await packed('out');
  expect(code, stderr).toBe(0);
  const { spec } = parse(read('deployment')).spec.template;
  const [container] = spec.containers;
  expect(container.command).not.toContain('--stateless');
  expect(spec.terminationGracePeriodSeconds).toBe(30);
  const secret = (key: string) => ({ secretKeyRef: { name: 'pets', key, optional: false } });
  expect(container.env).toEqual(
    expect.arrayContaining([
      { name: 'REDIS_URL', valueFrom: secret('REDIS_URL') },
      { name: 'OPENAPI_MCP_STORE_KEY', valueFrom: secret('OPENAPI_MCP_STORE_KEY') },
    ]),
  );
  expect(read('deployment')).toContain('# The pods share a Redis: any pod responds');
  expect(parse(read('configmap')).data['openapi-mcp.config.json']).toContain(variable);
  for (const name of readdirSync(join(bench.folder(), 'out'))) {
    expect(readFileSync(join(bench.folder(), 'out', name), 'utf8')).not.toContain('pa55word');
  }
  // A password belongs into a variable.
  writeFileSync(config, JSON.stringify({ ...written, store: 'redis://:pa55word@redis:6379' }));
  const refused = await packed('again');
  expect([refused.code, refused.stderr]).toEqual([
    expect.toSatisfy((exit) => exit !== 0),
    expect.stringContaining('store'),
  ]);
  expect(refused.stderr).not.toContain('pa55word');
});

/** `fetch` does not send another Host. */
const status = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

test('values come from a Secret by name, and pods have no privileges', async () => {
  await bench.pack('k8s');
  const { spec } = parse(read('deployment')).spec.template;
  const [container] = spec.containers;
  expect(container.env.slice(1)).toEqual([
    {
      name: 'OPENAPI_MCP_TOKEN',
      valueFrom: { secretKeyRef: { name: 'pet-shop', key: 'OPENAPI_MCP_TOKEN', optional: false } },
    },
    {
      name: 'API_KEY_SHOP_KEY',
      valueFrom: { secretKeyRef: { name: 'pet-shop', key: 'API_KEY_SHOP_KEY', optional: true } },
    },
  ]);
  expect(spec).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
  expect(container.securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('with "metricsPort", Prometheus finds the metrics and may scrape them', async () => {
  const config = (metricsPort: number) =>
    writeFileSync(
      join(bench.folder(), 'openapi-mcp.config.json'),
      JSON.stringify({ name: 'pet-shop', apis: { pets: { spec: PETS, baseUrl: bench.api() } }, metricsPort }),
    );
  config(9464);
  expect((await bench.run('pack', '.', '--target', 'k8s', '--out', 'out')).stderr).not.toContain('error');
  const { metadata, spec } = parse(read('deployment')).spec.template;
  expect(metadata.annotations).toMatchObject({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9464' });
  const [{ ports, command }] = spec.containers;
  expect(ports).toContainEqual({ name: 'metrics', containerPort: 9464 });
  expect(command.join(' ')).toContain('--metrics-host 0.0.0.0');
  expect(parse(read('networkpolicy')).spec.ingress[0].ports).toContainEqual({ protocol: 'TCP', port: 'metrics' });
  config(0);
  const { code, stderr } = await bench.run('pack', '.', '--target', 'k8s', '--out', 'other');
  expect(code).toBe(2);
  expect(stderr).toContain('"metricsPort": 0');
});

test('text that YAML would read otherwise arrives unchanged', async () => {
  const description = 'a\u0085b\u2028c\u00add: # {{x}} \u{e0041}';
  const paths = { '/pets': { get: { operationId: 'listPets', description, responses: {} } } };
  const info = { title: 'Pets', version: '1' };
  writeFileSync(join(bench.folder(), 'odd.json'), JSON.stringify({ openapi: '3.1.0', info, paths }));
  expect((await bench.run('pack', 'odd.json', '--target', 'k8s', '--out', 'out')).code).toBe(0);
  const { data } = parse(read('configmap'));
  expect(JSON.parse(data['pets.json']).paths['/pets'].get.description).toBe(description);
});

test('a document that is too large for a ConfigMap is refused', async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 9_000 }, (_, at) => [`S${at}`, { description: 'x'.repeat(100) }]),
  );
  const paths = { '/pets': { get: { operationId: 'listPets', responses: {} } } };
  const large = { openapi: '3.1.0', info: { title: 'Pets', version: '1' }, paths, components: { schemas } };
  writeFileSync(join(bench.folder(), 'large.json'), JSON.stringify(large));
  const { code, stderr } = await bench.run('pack', 'large.json', '--target', 'k8s', '--out', 'out');
  expect(code).toBe(2);
  expect(stderr).toContain('but a ConfigMap holds 1000000.');
  expect(stderr).toContain('Use the image of --target docker');
});
