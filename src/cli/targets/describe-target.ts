import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configsIn, isConfigFile } from '../../config/find-config.ts';
import { NAMESPACE, namespaceOf } from '../../runtime/namespace-form.ts';
import { usageError } from '../output/report.ts';
import type { NamedTarget, SingleTarget, Target } from './target.ts';

export interface TargetWords {
  readonly targets: readonly string[];
  /** The words after `--`; absent without `--`. */
  readonly command: readonly string[] | undefined;
}

/**
 * Classifies the target words, in this order: a config file, a module, the command after `--`, the `mcp+http(s)://` URL
 * of a server, otherwise an OpenAPI document. Without words: the config file in the current folder. Opens nothing.
 *
 * @throws CommandError if it cannot be decided
 */
export function describeTarget({ targets, command }: TargetWords): Target {
  if (command !== undefined) return commandTarget(command, targets);
  const [first, ...more] = targets;
  if (first === undefined) return configOfFolder();
  if (more.length === 0 && !isNamed(first)) {
    const path = configPath(first);
    return path === undefined ? singleTarget(first) : { kind: 'config', path };
  }
  return { kind: 'several', parts: namedTargets(targets) };
}

function commandTarget([command, ...args]: readonly string[], targets: readonly string[]): Target {
  if (targets[0] !== undefined) {
    throw usageError(`"${targets[0]}" comes before the -- that starts a server.`, 'Pass either a target or a command.');
  }
  if (command === undefined) throw usageError('There is no command after the --.', 'Add the command of an MCP server.');
  return { kind: 'command', command, args };
}

function configOfFolder(): Target {
  const path = configOf('.');
  if (path !== undefined) return { kind: 'config', path };
  throw usageError(
    'No target given, and this folder has no openapi-mcp.config file.',
    'Pass an OpenAPI document, a module, the URL of a server, or a config file.',
  );
}

const configPath = (text: string): string | undefined => (isConfigFile(text) ? text : configOf(text));

function configOf(folder: string): string | undefined {
  const [path, ...more] = configsIn(folder);
  if (more.length === 0) return path;
  throw usageError(
    `There are several config files in one folder: ${[path, ...more].join(', ')}.`,
    'Remove all but one, or pass the path of the right one.',
  );
}

const MODULE = /\.[cm]?[jt]s$/i;

function singleTarget(text: string): SingleTarget {
  if (/^mcp\+/i.test(text) && !existsSync(text)) return { kind: 'url', url: serverUrl(text) };
  if (/^https?:/i.test(text) || !MODULE.test(text)) return { kind: 'document', document: text };
  return { kind: 'module', path: /^file:/i.test(text) ? fileURLToPath(text) : text };
}

function serverUrl(text: string): string {
  const url = text.slice('mcp+'.length);
  if (/^https?:/i.test(url) && URL.canParse(url)) return url;
  // The text may contain a secret, so repeat it only if it is clearly a host and port.
  const [, host] = /^([\w.-]+(?::\d+)?)(?:\/|$)/.exec(url) ?? [];
  throw usageError(
    'The text after "mcp+" is not the URL of a server.',
    `Write mcp+http://${host ?? 'host/path'} or mcp+https://….`,
  );
}

/** Parses `git=b.yaml`, unless a file with that name exists. */
const isNamed = (text: string): boolean => NAMED.test(text) && !existsSync(text);
const NAMED = /^([^=/\\:?#]*)=(.*)$/s;

function namedTargets(targets: readonly string[]): readonly NamedTarget[] {
  const parts = targets.map(namedTarget);
  for (const [index, { namespace }] of parts.entries()) {
    const other = parts.findIndex((part) => part.namespace === namespace);
    if (other === index) continue;
    throw usageError(
      `"${targets[other]}" and "${targets[index]}" would both have the namespace "${namespace}".`,
      `Name one of them: other=${targets[index]}`,
    );
  }
  return parts;
}

function namedTarget(text: string): NamedTarget {
  const [, name, rest] = (isNamed(text) && NAMED.exec(text)) || [undefined, undefined, text];
  const target = rest ?? '';
  if (target === '') throw usageError(`"${text}" does not name a document.`, 'Write it as name=document.');
  const namespace = name ?? namespaceOf(fileName(target));
  // `mount()` checks the same syntax, but this message shows how to write another namespace.
  if (!NAMESPACE.test(namespace)) {
    throw usageError(
      namespace === '' ? `"${text}" has no usable namespace.` : `"${namespace}" cannot be a namespace.`,
      `Write name=${target}: a lower-case letter, then up to 31 lower-case letters, digits or "-".`,
    );
  }
  if (configPath(target) !== undefined)
    throw usageError(
      `"${target}" is a config file, which cannot be combined with other targets.`,
      'Pass only the config file.',
    );
  return { namespace, target: singleTarget(target) };
}

/** `specs/Pet Store.v2.yaml` → `Pet Store.v2`; for a URL without a file name, the host. */
function fileName(target: string): string {
  const url = target.replace(/^mcp\+/i, '');
  const { pathname = target, hostname = '' } = URL.canParse(url) ? new URL(url) : {};
  return basename(pathname === '/' ? hostname : pathname).replace(/\.[a-z0-9]+$/i, '');
}
