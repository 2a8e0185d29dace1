import { answerFieldsOf } from '../../answer-meta.ts';
import { checkProvider } from '../../compose/check-provider.ts';
import { derived } from '../../derived.ts';
import { errorResult, failedWith, isQuestionAsked, misfit } from '../../errors.ts';
import { lackingScopes } from '../../lacking-scopes.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { required, withMethods } from '../../options/option-kinds.ts';
import { outcomeMeta } from '../../outcome.ts';
import { notPreviewed } from '../../preview.ts';
import type { CallContext, ListContext, Provider, Tool, ToolResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { isStoreUnavailable, STORE_UNAVAILABLE_TEXT } from '../../shared-store.ts';
import { estimateTokens } from '../count.ts';
import { describeTools } from '../describe-tools.ts';
import { callingOwn, type OwnTools } from '../own-tools.ts';
import { shapeResults } from '../results/shape-results.ts';
import { foundText, MOST_HITS, type ReplyRoom, USUAL_HITS } from '../search/found-text.ts';
import { createSearchIndex } from '../search/search-index.ts';
import { CodeCalls } from './code-calls.ts';
import { codeTools, EXECUTE, SEARCH_DOCS } from './code-tools.ts';
import { declarationOf } from './declarations.ts';
import { CODE_LIMITS, type CodeLimits, LIMIT_KINDS } from './limits.ts';
import { type KnownReplies, MemoryReplies, type RepliesOfRuns, sharedReplies } from './replies.ts';
import { readCode, runResult, stoppedResult } from './run-result.ts';
import { type CodeSandbox, LONGEST_CODE } from './sandbox.ts';

export interface CodeModeOptions extends CodeLimits {
  /** What runs the code: `await quickJsSandbox()`. It is closed with the provider. */
  readonly sandbox: CodeSandbox;
}

const checked = declareOptions<CodeModeOptions>(
  'codeMode()',
  { ...LIMIT_KINDS, sandbox: required(withMethods('a sandbox', 'run', 'prepare', 'close')) },
  {
    hints: { timeout: 'Write "timeoutMs".', limits: 'Write each limit as an option.' },
    example: 'codeMode(api, { sandbox: await quickJsSandbox() })',
  },
);

/**
 * Lists two tools in place of all: `search_docs` finds functions by a request in words, `execute` runs JavaScript that
 * calls them as `api.<name>({ … })`, in a sandbox. Each call is made by the provider with the context of the caller, so it
 * is validated, restricted and confirmed like any other; only what the code returns reaches the model.
 *
 * ```ts
 * codeMode(github, { sandbox: await quickJsSandbox() });
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function codeMode(provider: Provider, options: CodeModeOptions): Provider {
  checkProvider(provider, 'provider', 'The first argument of codeMode()');
  const { sandbox, ...given } = checked(options);
  const limits = { ...CODE_LIMITS, ...given };
  const shown = remembered((list: readonly Tool[]) => {
    const taken = list.find(({ name }) => Object.hasOwn(own, name));
    if (taken) throw new OptionError(`A tool "${taken.name}" already exists. Rename it, because code mode adds one.`);
    return codeTools(list, limits);
  });
  const means = { provider, shaped: shapeResults(provider), sandbox, limits };
  const replies = new MemoryReplies();
  const repliesFor = ({ shared }: CallContext) => (shared ? sharedReplies(shared, provider.info.name) : replies);
  const search = docsOf(provider);
  const own: OwnTools = {
    [SEARCH_DOCS]: (args, context) => {
      sandbox.prepare();
      return search(args, context);
    },
    [EXECUTE]: (args, context) => execute(args, context, { ...means, runs: repliesFor(context) }),
  };
  return {
    ...derived(provider, {
      ...(provider.lackingScopes && {
        // Each call inside asks for its own.
        lackingScopes: async (request, context) =>
          request.method === 'tools/call' && Object.hasOwn(own, request.params.name)
            ? undefined
            : lackingScopes(provider, request, context),
      }),
      listTools: async (context) => shown(await provider.listTools(context)),
      callTool: callingOwn(provider, own),
    }),
    async close() {
      await Promise.all([provider.close(), sandbox.close()]);
    },
  };
}

type Arguments = Readonly<Record<string, unknown>>;

/** The estimate is up to a tenth below the count. */
const DOCS_ROOM: ReplyRoom = { most: 1_800, sizeOf: estimateTokens, reserved: 40 };

function docsOf(provider: Provider): (args: Arguments, context: CallContext) => Promise<ToolResult> {
  const indexOf = remembered(createSearchIndex);
  const fieldsOf = remembered(
    (list: readonly Tool[]) => new Map(list.flatMap((tool) => [[tool.name, answerFieldsOf(tool)] as const])),
  );
  return async ({ query, tag, limit = USUAL_HITS, names }, context) => {
    if (names !== undefined) return describeTools(provider, { names }, context);
    if (typeof query !== 'string') return misfit('"query" must say what to do, such as "create a user".');
    if (tag !== undefined && typeof tag !== 'string') return misfit('"tag" must be a string.');
    const most = Number(limit);
    if (!Number.isInteger(most) || most < 1 || most > MOST_HITS)
      return misfit(`"limit" must be an integer from 1 to ${MOST_HITS}.`);
    const listing: ListContext = context.caller ? { caller: context.caller } : {};
    const [tools, answers] = await Promise.all([
      provider.listTools({ ...listing, facts: true }),
      provider.listTools({ ...listing, answers: true }),
    ]);
    const fields = fieldsOf(answers);
    const text = foundText(query, indexOf(tools), {
      limit: most,
      ...(tag !== undefined && { tag }),
      write: (tool) => declarationOf(tool, fields.get(tool.name)),
      room: DOCS_ROOM,
    });
    return { content: [{ type: 'text', text }] };
  };
}

interface Means {
  readonly provider: Provider;
  /** Its tools take `fields`. */
  readonly shaped: Provider;
  readonly sandbox: CodeSandbox;
  readonly limits: Required<CodeLimits>;
  readonly runs: RepliesOfRuns;
}

async function execute(args: Arguments, context: CallContext, means: Means): Promise<ToolResult> {
  const code = readCode(args);
  if (code === undefined) return misfit('"code" must be JavaScript: the body of an async function.');
  if (code.length > LONGEST_CODE) return misfit(`"code" has more than ${LONGEST_CODE} characters.`);
  const { provider, shaped, sandbox, limits, runs } = means;
  const tools = await provider.listTools(context);
  const run = runKey(code, context);
  const known = run === undefined ? NO_REPLIES : await runs.take(run).catch(unlessAway);
  if (!known) return unavailable();
  const calls = new CodeCalls({ provider: shaped, tools, context, maxConcurrent: limits.maxConcurrent, known });
  const startedAt = performance.now();
  const outcome = await sandbox.run({ code, limits, call: calls.call, waited: calls.waited, signal: calls.signal });
  const isEnded = outcome.failure?.kind === 'timeout' || context.signal.aborted;
  calls.end();
  const unawaited = calls.made.filter(({ state }) => state === 'open').map(({ name }) => name);
  const left = limits.timeoutMs + calls.waited() - (performance.now() - startedAt);
  await calls.settled(isEnded ? 0 : Math.max(0, left));
  const { stop, made } = calls;
  if (stop && 'error' in stop) {
    if (isQuestionAsked(stop.error) && !(await mayRunAgain(calls, run, runs))) return UNREPEATABLE;
    throw stop.error;
  }
  if (stop) {
    if (stop.result.isError && run !== undefined) await runs.keep(run, calls.replies).catch(unlessAway);
    return context.preview ? stop.result : stoppedResult(stop, made);
  }
  // Not started: the next attempt needs them.
  if (made.length === 0 && run !== undefined && known.size > 0) await runs.keep(run, known).catch(unlessAway);
  if (context.preview) return notPreviewed(EXECUTE);
  const notes = [
    ...calls.notes,
    ...(unawaited.length > 0 && !isEnded ? [`Calls that the code did not await: ${unawaited.join(', ')}.`] : []),
  ];
  const result = runResult({ code, outcome, made, notes, limits, isUncut: context.uncut === true });
  return calls.isStorable ? result : { ...result, _meta: outcomeMeta({ cacheControl: 'no-store' }) };
}

/** Identifies the run when the client calls again with an answer; `undefined` if callers cannot be distinguished. */
function runKey(code: string, { caller, session, requestHeader }: CallContext): string | undefined {
  if (!caller && session === undefined && requestHeader) return undefined;
  return JSON.stringify([caller?.id ?? null, session ?? null, code]);
}

/** The code runs again when the person has answered. Whether what it changed until now will not be done twice. */
async function mayRunAgain({ replies }: CodeCalls, run: string | undefined, runs: RepliesOfRuns): Promise<boolean> {
  if (replies.size === 0) return true;
  // Without the store nobody would remember them.
  return run !== undefined && runs.keep(run, replies).catch(() => false);
}

const NO_REPLIES: KnownReplies = new Map();

function unlessAway(error: unknown): undefined {
  if (!isStoreUnavailable(error)) throw error;
}

const unavailable = (): ToolResult => failedWith(STORE_UNAVAILABLE_TEXT, { error: 'STORE_UNAVAILABLE' });

const UNREPEATABLE = errorResult(
  'A call asks a person for confirmation, after calls that changed something. The code would have to run again, and would do them twice. Make the call that asks in a run of its own.',
);
