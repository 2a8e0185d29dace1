import { publicAddress } from '../../parse/public-address.ts';

/** What a command works on. */
export type Target = ConfigTarget | SingleTarget | CommandTarget | SeveralTarget;

/** A target that can also be one of several. */
export type SingleTarget = ModuleTarget | UrlTarget | DocumentTarget;

/** A config file. */
export interface ConfigTarget {
  readonly kind: 'config';
  readonly path: string;
}

/** A JavaScript or TypeScript file that exports a server or another `Provider`. */
export interface ModuleTarget {
  readonly kind: 'module';
  readonly path: string;
}

/** A remote MCP server. */
export interface UrlTarget {
  readonly kind: 'url';
  /** Its http(s) URL. */
  readonly url: string;
}

/** An OpenAPI document. */
export interface DocumentTarget {
  readonly kind: 'document';
  /** A path, a URL, or `-` for stdin. */
  readonly document: string;
}

/** A command that starts an MCP server over stdio. */
export interface CommandTarget {
  readonly kind: 'command';
  readonly command: string;
  readonly args: readonly string[];
}

/** Several targets, each with its own namespace. */
export interface SeveralTarget {
  readonly kind: 'several';
  readonly parts: readonly NamedTarget[];
}

export interface NamedTarget {
  readonly namespace: string;
  readonly target: SingleTarget;
}

export function readsStdin(target: Target): boolean {
  if (target.kind === 'several') return target.parts.some((part) => readsStdin(part.target));
  return target.kind === 'document' && target.document === '-';
}

/** The target's name in messages, without secrets that a query or an argument may contain. */
export function targetLabel(target: Target): string {
  switch (target.kind) {
    case 'config':
    case 'module':
      return target.path;
    case 'url': {
      const { origin, pathname } = new URL(target.url);
      return origin + pathname;
    }
    case 'document':
      return target.document === '-' ? 'stdin' : publicAddress(target.document);
    case 'command':
      return target.command;
    case 'several':
      return target.parts.map(({ namespace }) => namespace).join(', ');
  }
}
