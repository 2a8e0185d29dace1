import { publicAddress } from '../../parse/public-address.ts';

/** What a command works on. */
export type Target = ConfigTarget | SingleTarget | CommandTarget | SeveralTarget;

/** What can also be one of several. */
export type SingleTarget = ModuleTarget | UrlTarget | DocumentTarget;

/** A config file. */
export interface ConfigTarget {
  readonly kind: 'config';
  readonly path: string;
}

/** A file of JavaScript or TypeScript that exports a server or another `Provider`. */
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
  /** Path, URL, or `-` for stdin. */
  readonly document: string;
}

/** An MCP server to start, that speaks over stdio. */
export interface CommandTarget {
  readonly kind: 'command';
  readonly command: string;
  readonly args: readonly string[];
}

/** Several at once, each under a namespace of its own. */
export interface SeveralTarget {
  readonly kind: 'several';
  readonly parts: readonly NamedTarget[];
}

export interface NamedTarget {
  readonly namespace: string;
  readonly target: SingleTarget;
}

/** What messages call it; no secret, which a query or an argument may hold. */
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
