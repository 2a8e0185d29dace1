import type { JsonSchemaObject, ToolAnnotations } from '../model/index.ts';
import type { Problem } from '../problems.ts';
import type { ExchangeReport, Prompt, Resource, ResourceTemplate, ToolResult } from '../runtime/provider.ts';

// What the local API of the inspector sends to its page. Types only: the page is compiled separately.

export interface Overview {
  readonly info: { readonly name: string; readonly title?: string; readonly version: string };
  /** How clients see the tools: `tools`, `compact`, `signature`, `search`, `code`. */
  readonly mode: string;
  /** Why the latest edit is not served. */
  readonly failure?: { readonly at: number; readonly message: string };
  readonly problems: number;
  readonly tools: readonly ToolLine[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  readonly prompts: readonly Prompt[];
}

/** A tool in the list. */
export interface ToolLine {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** Absent if the tool is not an operation of an API. */
  readonly method?: string;
  readonly path?: string;
  readonly tags: readonly string[];
  /** Whether it only reads. */
  readonly isSafe: boolean;
}

export interface ToolDetail extends ToolLine {
  readonly inputSchema: JsonSchemaObject;
  readonly outputSchema?: JsonSchemaObject;
  readonly annotations?: ToolAnnotations;
}

/** The HTTP request that a call would send, or what prevents it. */
export type Previewed = { readonly curl: string } | { readonly problem: string };

/** What a call asks the person at the page before it goes on. */
export interface AskedQuestion {
  readonly id: string;
  /** The id that the page gave its call. */
  readonly call: string;
  readonly message: string;
  /** Of the answer: an object of simple values. */
  readonly schema: JsonSchemaObject;
}

/** A finished call of a tool, resource or prompt. */
export interface CallAnswer<Result = unknown> {
  readonly result?: Result;
  /** Why there is no result. */
  readonly failure?: CallFailure;
  readonly ms: number;
  /** About how many tokens the result costs a model. */
  readonly tokens: number;
  readonly exchanges: readonly ShownExchange[];
}
export type ToolAnswer = CallAnswer<ToolResult>;

export interface CallFailure {
  readonly code?: string;
  /** What the code means, or the HTTP status. */
  readonly meaning?: string;
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** An HTTP exchange with an API; its body as text. */
export interface ShownExchange extends Omit<ExchangeReport, 'request'> {
  readonly request: Omit<ExchangeReport['request'], 'body'> & { readonly body?: string };
}

/** A call in the list of the latest calls. */
export interface TrafficLine {
  readonly id: number;
  readonly method: string;
  readonly target?: string;
  readonly at: number;
  readonly ms: number;
  readonly ended: 'ok' | 'failed' | 'cancelled';
  readonly tokens: number;
  /** The first HTTP request, and the status of the last one. */
  readonly request?: string;
  readonly requests: number;
  readonly status?: number;
  readonly code?: string;
}

export interface TrafficDetail {
  readonly params: unknown;
  readonly answer?: unknown;
  readonly error?: string;
  readonly exchanges: readonly ShownExchange[];
}

/** What a model sees of the list, in estimated tokens. */
export interface Budget {
  readonly mode: string;
  /** Tokens that a list should stay below. */
  readonly usual: number;
  readonly tools: readonly ToolCost[];
  readonly total: { readonly model: number; readonly wire: number };
  readonly modes: Readonly<Record<string, { readonly model: number; readonly wire: number }>>;
}
export interface ToolCost {
  readonly tool: string;
  readonly name: number;
  readonly description: number;
  readonly schema: number;
  readonly model: number;
  readonly wire: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** From the operation that returns ids to the one that requires them. */
  readonly edges: readonly GraphEdge[];
}
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly method: string;
  readonly path: string;
  /** Its tool, if it has one. */
  readonly tool?: string;
}
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly string[];
}

export interface ShownProblem extends Pick<Problem, 'code' | 'severity' | 'pointer' | 'message'> {
  /** The namespace or title of its document, if there are several. */
  readonly api?: string;
  readonly fix: string;
}

/** Values that complete an argument. */
export interface Completed {
  readonly values: readonly string[];
}
