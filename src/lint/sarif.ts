import type { Finding, FindingSeverity, RuleInfo } from './finding.ts';

const LEVEL: Readonly<Record<FindingSeverity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  advice: 'note',
};

export interface SarifInput {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleInfo[];
  /** The version of openapi-mcp. */
  readonly version: string;
  /** Path or URL of the document; `undefined` for stdin. */
  readonly document: string | undefined;
  /** Line and column of each pointer in the document's text, both starting at 1. */
  readonly positions: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
}

/** Findings as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). */
export function sarifLog({ findings, rules, version, document, positions }: SarifInput): object {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'openapi-mcp', version, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ rule, severity, pointer, message }) => ({
          ruleId: rule,
          ruleIndex: index.get(rule) ?? -1,
          level: LEVEL[severity],
          message: { text: message },
          locations: [location(pointer, document, positions)],
        })),
      },
    ],
  };
}

const descriptor = ({ id, severity, summary, fix }: RuleInfo): object => ({
  id,
  shortDescription: { text: summary },
  help: { text: fix },
  defaultConfiguration: { level: LEVEL[severity] },
});

/** SARIF §3.28: the position in the text, and the pointer as its logical name. */
function location(pointer: string, document: string | undefined, positions: SarifInput['positions']): object {
  const hash = pointer.indexOf('#');
  const file = hash > 0 ? pointer.slice(0, hash) : document;
  const position = positions.get(pointer);
  return {
    ...(file !== undefined && {
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        ...(position && { region: { startLine: position.line, startColumn: position.column } }),
      },
    }),
    logicalLocations: [{ fullyQualifiedName: pointer }],
  };
}

/** Converts a path to a relative reference (RFC 3986). URLs are returned unchanged. */
function uriOf(file: string): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) return file;
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
