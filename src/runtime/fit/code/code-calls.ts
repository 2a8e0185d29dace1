import { provenHints } from '../../claimed-hints.ts';
import { isProviderError, isQuestionAsked, messageOf } from '../../errors.ts';
import { toolNamed } from '../../origin-meta.ts';
import { mayStore, outcomeOf } from '../../outcome.ts';
import type { CallContext, Provider, Tool, ToolResult } from '../../provider.ts';
import { resultText } from '../../result-text.ts';
import { suggestion } from '../../text/nearest.ts';
import { within } from '../../until-aborted.ts';
import { unknownTool } from '../unknown-tool.ts';
import { readArguments } from './call-arguments.ts';
import { memberOf } from './declarations.ts';
import { askingFor, PersonClock } from './person.ts';
import type { KnownReplies } from './replies.ts';
import { resultValue } from './result-value.ts';
import { type CodeCall, type CodeReply, LONGEST_REPLY } from './sandbox.ts';

/** A call that the code made. */
export interface MadeCall {
  readonly name: string;
  readonly state: 'open' | 'done' | 'failed';
}

/** Why a run was stopped from outside the code. */
export type Stop =
  /** Its result is that of the run: a previewed request, or what a person has to confirm. */
  | { readonly result: ToolResult; readonly tool: string }
  /** Thrown again: a question to the client, or what is not for the model. */
  | { readonly error: unknown };

export interface CodeCallsOptions {
  /** Whose tools take `fields`. */
  readonly provider: Provider;
  readonly tools: readonly Tool[];
  readonly context: CallContext;
  readonly maxConcurrent: number;
  /** Replies from before the run was interrupted to ask a person. */
  readonly known: KnownReplies;
}

/**
 * The calls of one run, made with the context of the caller: what the provider validates, restricts, confirms or limits
 * applies to each.
 */
export class CodeCalls {
  readonly #options: CodeCallsOptions;
  readonly #clock = new PersonClock();
  readonly #stopper = new AbortController();
  readonly #aborter = new AbortController();
  readonly #open = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  readonly #made: MadeCall[] = [];
  readonly #notes = new Set<string>();
  readonly #replies = new Map<string, CodeReply[]>();
  readonly #counts = new Map<string, number>();
  #running = 0;
  #stop: Stop | undefined;
  #isEnded = false;
  #isStorable = true;

  constructor(options: CodeCallsOptions) {
    this.#options = options;
  }

  /** Ends the run. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#options.context.signal, this.#stopper.signal]);
  }
  get stop(): Stop | undefined {
    return this.#stop;
  }
  get made(): readonly MadeCall[] {
    return this.#made;
  }
  get notes(): readonly string[] {
    return [...this.#notes];
  }
  /** Of the calls that may have changed something. */
  get replies(): KnownReplies {
    return this.#replies;
  }
  /** Whether no API forbids to store what it returned (RFC 9111 §5.2.2.5). */
  get isStorable(): boolean {
    return this.#isStorable;
  }
  readonly waited = (): number => this.#clock.waited;

  readonly call = async (call: CodeCall): Promise<CodeReply> => {
    const work = this.#reply(call);
    this.#open.add(work);
    try {
      return await work;
    } finally {
      this.#open.delete(work);
    }
  };

  /** Calls that were not started yet are never made. */
  end(): void {
    this.#isEnded = true;
    for (const next of this.#waiting.splice(0)) next();
  }

  /** Resolves when the open calls have; after `ms`, they are aborted and soon not waited for. */
  async settled(ms: number): Promise<void> {
    if (await within(Promise.allSettled(this.#open), ms)) return;
    this.#aborter.abort(new Error('The run has ended.'));
    await within(Promise.allSettled(this.#open), ABORT_MS);
  }

  async #reply({ name, json }: CodeCall): Promise<CodeReply> {
    const { tools } = this.#options;
    const tool = toolNamed(tools, name);
    if (!tool) return failed(`${unknownTool(name, tools)} search_docs finds tools.`);
    const read = readArguments(json);
    if ('problem' in read) return failed(read.problem);
    const mistake = mistakenQuery(tool, read.args);
    if (mistake !== undefined) return failed(mistake);
    await this.#turn();
    try {
      if (this.#isEnded) return failed('The run has ended.');
      return await this.#make(tool, withFields(tool, read));
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#running >= this.#options.maxConcurrent && !this.#isEnded) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  async #make(tool: Tool, args: Readonly<Record<string, unknown>>): Promise<CodeReply> {
    const same = JSON.stringify([tool.name, args]);
    const count = this.#counts.get(same) ?? 0;
    this.#counts.set(same, count + 1);
    const known = this.#options.known.get(same)?.[count];
    const at = this.#made.push({ name: tool.name, state: 'open' }) - 1;
    this.#options.context.progress({ progress: this.#made.length, message: tool.name });
    const reply = known ?? (await this.#perform(tool, args, `${count} ${same}`));
    const state = 'json' in reply ? 'done' : this.#aborter.signal.aborted ? 'open' : 'failed';
    this.#made[at] = { name: tool.name, state };
    if (reply !== STOPPED && provenHints(tool).readOnlyHint !== true) {
      this.#replies.set(same, [...(this.#replies.get(same) ?? []), reply]);
    }
    return reply;
  }

  async #perform(tool: Tool, args: Readonly<Record<string, unknown>>, question: string): Promise<CodeReply> {
    const { provider, context } = this.#options;
    const { elicit: _elicit, sample: _sample, ...plain } = context;
    try {
      const result = await provider.callTool(
        { name: tool.name, arguments: args },
        {
          ...plain,
          ...askingFor(question, context, this.#clock),
          calledAs: tool.name,
          uncut: true,
          // Its own: each call would start again at zero.
          progress: () => {},
          signal: AbortSignal.any([context.signal, this.#aborter.signal]),
        },
      );
      if (!mayStore(result)) this.#isStorable = false;
      if (context.preview || FOR_A_PERSON.has(outcomeOf(result)?.error))
        return this.#stopWith({ result, tool: tool.name });
      return result.isError ? failureOf(result) : this.#replyOf(tool, result);
    } catch (error) {
      if (isProviderError(error)) return failed(messageOf(error));
      return this.#stopWith({ error });
    }
  }

  #replyOf({ name }: Tool, result: ToolResult): CodeReply {
    // Before it is parsed.
    if (resultText(result).length > LONGEST_REPLY) return tooLarge(name);
    const { json, notes } = resultValue(result);
    if (json.length > LONGEST_REPLY) return tooLarge(name);
    for (const note of notes) if (this.#notes.size < MOST_NOTES) this.#notes.add(`${name}: ${note}`);
    return { json };
  }

  /** A question outweighs other reasons: it is answered before the run goes on. */
  #stopWith(stop: Stop): CodeReply {
    if (this.#stop === undefined || ('error' in stop && isQuestionAsked(stop.error))) this.#stop = stop;
    this.end();
    this.#stopper.abort();
    return STOPPED;
  }
}

/** A person has to see these results. Code must not: it could confirm by itself. */
const FOR_A_PERSON: ReadonlySet<unknown> = new Set(['CONFIRMATION_REQUIRED', 'CREDENTIAL_REFUSED']);

const MOST_NOTES = 5;
/** A hand-written tool may ignore the signal. */
const ABORT_MS = 100;

const failed = (message: string, status?: number): CodeReply => ({
  failure: { message, ...(status !== undefined && { status }) },
});

const tooLarge = (name: string): CodeReply =>
  failed(
    `The call was made, but its result is too large for the sandbox: more than ${LONGEST_REPLY} characters. Pass fields: ${memberOf(name)}({ … }, { fields: ['id'] }), or narrow the request.`,
  );

const STOPPED = failed('The run was stopped.');

const failureOf = (result: ToolResult): CodeReply =>
  failed(resultText(result).slice(0, LONGEST_MESSAGE), outcomeOf(result)?.status);
const LONGEST_MESSAGE = 8_000;

/** The arguments for `shapeResults()`, which takes fields as an argument of every tool. */
function withFields(
  { inputSchema: { properties = {} } }: Tool,
  { args, fields }: { readonly args: Readonly<Record<string, unknown>>; readonly fields: unknown },
): Readonly<Record<string, unknown>> {
  if (fields === undefined) return args;
  return { ...args, [Object.hasOwn(properties, 'fields') ? 'result_fields' : 'fields']: fields };
}

/** `shapeResults()` would take it for an expression, and the model means an argument. */
function mistakenQuery({ name, inputSchema: { properties = {} } }: Tool, args: Readonly<Record<string, unknown>>) {
  if (!Object.hasOwn(args, 'query') || Object.hasOwn(properties, 'query')) return undefined;
  const names = Object.keys(properties);
  return `"query" is not an argument of "${name}". ${names.length === 0 ? 'It has none.' : suggestion('query', names)}`;
}
