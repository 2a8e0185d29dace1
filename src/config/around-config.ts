import type { ToolAnnotations } from '../model/index.ts';
import type { CodeLimits } from '../runtime/fit/code/limits.ts';
import type { CompactOptions } from '../runtime/fit/compact-tool.ts';
import type { PageResultsOptions } from '../runtime/fit/paging/page-results.ts';
import type { ShapeResultsOptions } from '../runtime/fit/results/shape-results.ts';
import type { SearchToolsOptions } from '../runtime/fit/search/search-tools.ts';
import type { SignatureOptions } from '../runtime/fit/signature.ts';
import type { LogFormat } from '../runtime/middleware/logging.ts';
import type { Middleware } from '../runtime/middleware/middleware.ts';
import type { TokenBucketOptions } from '../runtime/middleware/token-bucket.ts';
import type { Provider } from '../runtime/provider.ts';
import type { Description } from '../runtime/transforms/describe.ts';
import type { FilterOptions, FilterRule } from '../runtime/transforms/filter.ts';
import type { PromptsAsToolsOptions } from '../runtime/transforms/prompts-as-tools.ts';
import type { ResourcesAsToolsOptions } from '../runtime/transforms/resources-as-tools.ts';

/** Middleware and transforms for one part, or for the complete server. */
export interface Around {
  /** Wraps every call; the first one is the outermost. */
  readonly middleware?: readonly MiddlewareConfig[];
  /** Applied in order: each gets the output of the previous one. */
  readonly transforms?: readonly TransformConfig[];
}

interface Secrets {
  /** Strings to hide wherever they occur, each at least 4 characters long. */
  readonly secrets?: readonly string[];
}
type Bucket = Pick<TokenBucketOptions, 'size' | 'perSecond'>;

/** A name, alone or with its options; in a program also a middleware. */
export type MiddlewareConfig =
  | 'logging'
  | 'rateLimit'
  | 'retry'
  | 'confirm'
  | 'circuitBreaker'
  | 'redact'
  | 'maskErrors'
  | { readonly logging: Secrets & { readonly format?: LogFormat; readonly payload?: boolean } }
  | { readonly auditLog: Secrets & { readonly file: string } }
  | { readonly cache: { readonly ttlMs: number; readonly maxEntries?: number } }
  | { readonly rateLimit: { readonly perCaller?: Bucket; readonly global?: Bucket } }
  | { readonly retry: { readonly attempts?: number; readonly firstWaitMs?: number; readonly maxWaitMs?: number } }
  | { readonly timeout: { readonly ms: number } }
  | { readonly concurrency: { readonly limit: number; readonly maxQueue?: number } }
  | {
      readonly confirm: {
        readonly unasked?: 'refuse' | 'token';
        readonly tools?: readonly FilterRule[];
        readonly ttlMs?: number;
      };
    }
  | { readonly circuitBreaker: { readonly failures?: number; readonly openMs?: number } }
  | { readonly responseLimit: { readonly maxBytes: number } }
  | { readonly redact: Secrets }
  | { readonly maskErrors: Readonly<Record<never, never>> }
  | Middleware;

/** A name, alone or with its options; in a program also a function from provider to provider. */
export type TransformConfig =
  | 'filter'
  | 'readOnly'
  | 'rename'
  | 'describe'
  | 'hideArguments'
  | 'fixArguments'
  | 'offerDryRun'
  | 'shapeResults'
  | 'pageResults'
  | 'resourcesAsTools'
  | 'promptsAsTools'
  | 'compact'
  | 'signature'
  | 'searchTools'
  | 'codeMode'
  | { readonly filter: FilterOptions }
  | { readonly readOnly: Readonly<Record<never, never>> }
  | { readonly rename: RenameConfig }
  | { readonly describe: DescribeConfig }
  | { readonly hideArguments: Readonly<Record<string, readonly string[]>> }
  | { readonly fixArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
  | { readonly offerDryRun: Readonly<Record<never, never>> }
  | { readonly shapeResults: ShapeResultsOptions }
  | { readonly pageResults: PageResultsOptions }
  | { readonly resourcesAsTools: ResourcesAsToolsOptions }
  | { readonly promptsAsTools: PromptsAsToolsOptions }
  | { readonly compact: CompactOptions }
  | { readonly signature: SignatureOptions }
  | { readonly searchTools: SearchToolsOptions }
  | { readonly codeMode: CodeLimits }
  | ((provider: Provider) => Provider | Promise<Provider>);

/** Original name → name that clients see. */
export interface RenameConfig {
  readonly tools?: Readonly<Record<string, string>>;
  readonly prompts?: Readonly<Record<string, string>>;
}

/** Tools and prompts by name, resources and templates by URI. */
export interface DescribeConfig {
  readonly tools?: Readonly<Record<string, ToolWords>>;
  readonly resources?: Readonly<Record<string, Description>>;
  readonly prompts?: Readonly<Record<string, Description>>;
}

export interface ToolWords extends Description {
  /** Replace those of the tool; others are kept. */
  readonly annotations?: ToolAnnotations;
  /** Argument → description. */
  readonly arguments?: Readonly<Record<string, string>>;
}
