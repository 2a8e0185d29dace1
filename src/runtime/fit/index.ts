// Fit makes a list of tools small enough for a model. In: a provider or its tools. Out: the same tools in fewer tokens,
// or one tool that calls them. Promise: what can be called, and with which arguments, never changes.
export { type CallToolToolOptions, callTool, callToolTool } from './call-tool.ts';
export { type CodeModeOptions, codeMode } from './code/code-mode.ts';
export type { CodeLimits } from './code/limits.ts';
export type { CodeCall, CodeFailure, CodeOutcome, CodeReply, CodeRun, CodeSandbox, RunLimits } from './code/sandbox.ts';
export { compact } from './compact.ts';
export { type CompactOptions, compactTool } from './compact-tool.ts';
export {
  type CountTokens,
  estimateTokens,
  exactCounter,
  type ListTokens,
  listTokens,
  modelTokens,
  wireTokens,
} from './count.ts';
export { type DescribeToolsToolOptions, describeTools, describeToolsTool } from './describe-tools.ts';
export { type ListMode, MODES, type Mode } from './list-modes.ts';
export { type FitOptions, type Fitted, fitTools, modeCosts } from './modes.ts';
export { type PageResultsOptions, pageResults } from './paging/page-results.ts';
export { type KeepResultsOptions, keepResults } from './results/keep-results.ts';
export {
  type KeptResult,
  type MemoryResultStoreOptions,
  memoryResultStore,
  type NotKept,
  type ResultStore,
  type SpilledText,
} from './results/result-store.ts';
export { type ShapeResultsOptions, shapeResults } from './results/shape-results.ts';
export { type SearchToolsOptions, searchTools } from './search/search-tools.ts';
export { type SignatureOptions, signature } from './signature.ts';
export { argumentsForm, type Signatures, signatureOf } from './signature-form.ts';
