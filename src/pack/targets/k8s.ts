import { createHash } from 'node:crypto';
import { openTemplates } from '../../emit/templates.ts';
import { hasStore, httpVariables, imageOf } from '../http-server.ts';
import { PackError } from '../pack-error.ts';
import { PACKED_CONFIG, type PackFile, type PackSource, servedFiles } from '../pack-source.ts';
import { PACKED_PROGRAM } from '../program-files.ts';

const MANIFESTS = ['configmap', 'deployment', 'service', 'autoscaler', 'disruptionbudget', 'networkpolicy'];

/** Where the pods have the config file and its documents. */
const MOUNTED = '/etc/openapi-mcp';

/** A ConfigMap is at most 1 MiB, with its metadata (https://kubernetes.io/docs/concepts/configuration/configmap/). */
const MOST_BYTES = 1_000_000;

/**
 * Manifests for Kubernetes: the image of the target `docker`, with the config and its documents in a ConfigMap, and
 * variables from a Secret of the same name, which is not written.
 *
 * @throws PackError if the documents are too large for a ConfigMap
 */
export async function k8sFiles(source: PackSource): Promise<readonly PackFile[]> {
  const files = servedFiles(source);
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (bytes > MOST_BYTES) {
    throw new PackError(
      `The config and its documents have ${bytes} bytes, but a ConfigMap holds ${MOST_BYTES}.`,
      'Use the image of --target docker, which contains them.',
    );
  }
  const render = await openTemplates();
  const view = viewOf(source, files);
  return MANIFESTS.map((name) => ({ path: `${name}.yaml`, content: render(`pack/${name}.yaml`)(view) }));
}

function viewOf(source: PackSource, files: readonly PackFile[]) {
  const { name, published } = source;
  const hosts = [name, ...['', '.svc', '.svc.cluster.local'].map((end) => `${name}.$(NAMESPACE)${end}`)];
  if (published.url !== undefined) hosts.push(new URL(published.url).hostname);
  const run = ['node', `/app/${PACKED_PROGRAM}`, 'run', `${MOUNTED}/${PACKED_CONFIG}`];
  // Requests of one client reach any of the replicas.
  const sessions = hasStore(source) ? [] : ['--stateless'];
  const serving = ['--transport', 'http', '--host', '0.0.0.0', '--port', '8000', ...sessions];
  const metricsPorts = metricsPortsOf(source);
  // Prometheus scrapes pods at their own addresses.
  const scraped = metricsPorts.flatMap(() => ['--metrics-host', '0.0.0.0']);
  const allowed = hosts.flatMap((host) => ['--allowed-host', host]);
  const hash = createHash('sha256');
  for (const { content } of files) hash.update(content);
  return {
    name,
    metricsPorts,
    image: imageOf(source),
    why: hasStore(source) ? 'The pods share a Redis' : 'Stateless',
    hash: JSON.stringify(hash.digest('hex').slice(0, 16)),
    // YAML in double quotes is JSON.
    command: [...run, ...serving, ...scraped, ...allowed].map((word) => JSON.stringify(word)),
    variables: httpVariables(source).map((variable) => ({
      name: variable.name,
      about: variable.description,
      secret: name,
      optional: String(!variable.isRequired),
    })),
    files: files.map(({ path, content }) => ({
      path,
      key: path.slice(path.lastIndexOf('/') + 1),
      text: block(String(content)),
    })),
  };
}

function metricsPortsOf({ config: { metricsPort } }: PackSource): readonly number[] {
  if (metricsPort === 0 || metricsPort === 8000) {
    throw new PackError(
      `The config has "metricsPort": ${metricsPort}, which pods cannot use.`,
      'Choose a fixed port other than 8000, such as 9464.',
    );
  }
  return typeof metricsPort === 'number' ? [metricsPort] : [];
}

/** The lines of a literal block scalar. Characters that YAML does not allow in it are written as JSON writes them. */
const block = (text: string): string =>
  text
    .trimEnd()
    .replace(/[^\P{C}\n]|[\u2028\u2029]/gu, escaped)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
