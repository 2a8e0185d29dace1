import type { ApiModel, Operation } from '../../model/index.ts';
import { outcomeMeta, withOutcome } from '../outcome.ts';
import { type CallContext, type Provider, ProviderError, type ResourceResult, type Tool } from '../provider.ts';
import { createAuthoriser } from './auth/authorise.ts';
import type { Credentials } from './auth/credentials.ts';
import { failureOutcome, failureResult, failureText } from './failure.ts';
import type { FileAccess } from './files.ts';
import { type HooksById, hooksOf, withHookedFaces } from './hooks.ts';
import type { HttpSender } from './http.ts';
import { httpOutcome } from './http-outcome.ts';
import { type Performed, type Performing, perform } from './perform.ts';
import type { Decoders } from './read/index.ts';
import { indexResources, type ResourceIndex } from './resource-index.ts';
import type { SchemaCompiler } from './schema-check.ts';
import { withDefs } from './schema-closure.ts';
import { operationServerUrl, type ServerSettings, serverOrigins, serverUrl } from './server-url.ts';
import { failedAnswerText, isFailure, project, toResourceContents, toToolResult } from './shape/index.ts';
import { listedValues } from './text-arguments.ts';
import type { ArgumentValidator } from './validate-arguments.ts';

/** Everything an API needs to be called. Complete: defaults are filled where the user's options enter. */
export interface ApiProviderOptions {
  readonly servers: ServerSettings;
  readonly credentials: Credentials;
  /** The user's own headers, sent to the API's servers only. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly hasClientCertificate: boolean;
  /** Stands before the names of credential variables in messages, where several APIs are served. */
  readonly credentialPrefix: string | undefined;
  /** Whether requests, and those for tokens, may go to private addresses. */
  readonly allowPrivate: boolean;
  /** Sends requests to the API and, under the same rule about addresses, to token endpoints. */
  readonly send: HttpSender;
  readonly decoders: Decoders;
  readonly validator: ArgumentValidator;
  readonly compileSchema: SchemaCompiler;
  readonly files: FileAccess;
  /** For a whole call, milliseconds. */
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  readonly maxAnswerBytes: number;
  readonly maxItems: number;
  /** Frees what `send` holds. */
  close(): Promise<void>;
}

/** What an emitted server hands over besides. */
export interface ApiProviderParts {
  /** Default: none. */
  readonly hooks?: HooksById;
  /** Default: its own. */
  readonly performing?: Performing;
}

/** What the calls of an API share: one for its tools, its resources and its client. */
export function createPerforming(model: ApiModel, options: ApiProviderOptions): Performing {
  const settings = options.servers;
  const base = serverUrl({
    ...settings,
    servers: model.servers,
    ...(model.documentUrl !== undefined && { documentUrl: model.documentUrl }),
  });
  return {
    ...options,
    model,
    authoriser: createAuthoriser({
      ...options,
      auth: model.auth,
      ...(options.credentialPrefix !== undefined && { prefix: options.credentialPrefix }),
      allowedOrigins: serverOrigins(model, settings),
      ...('url' in base && { serverUrl: base.url }),
      now: Date.now,
    }),
    serverUrl: (operation) => operationServerUrl(model, operation.request.servers, settings),
  };
}

/** STAGE 3a: an ApiModel, alive. Its operations are tools and resources; each call goes through `perform`. */
export function createApiProvider(
  described: ApiModel,
  options: ApiProviderOptions,
  { hooks = {}, performing = createPerforming(described, options) }: ApiProviderParts = {},
): Provider {
  const model = withHookedFaces(described, hooks);
  const tools = once(() => Object.freeze(model.operations.flatMap((operation) => toolOf(operation, model))));
  const byName = once(
    () => new Map(model.operations.flatMap((operation) => (operation.tool ? [[operation.tool.name, operation]] : []))),
  );
  const resources = once(() => indexResources(model));

  return {
    contract: 1,
    info: {
      name: model.name,
      title: model.title,
      version: model.version,
      ...(model.description !== undefined && { description: model.description }),
    },
    listTools: async () => tools(),
    listResources: async () => resources().resources,
    listResourceTemplates: async () => resources().templates,
    listPrompts: async () => NONE,
    async callTool({ name, arguments: given }, context) {
      const operation = byName().get(name);
      if (!operation) throw new ProviderError('TOOL_NOT_FOUND', `There is no tool "${name}".`);
      return callOperation(operation, given, context);
    },
    async readResource({ uri }, context) {
      const found = resources().find(uri);
      if (!found) throw new ProviderError('RESOURCE_NOT_FOUND', `There is no resource "${uri}".`);
      return read(uri, found, context);
    },
    async getPrompt({ name }) {
      throw new ProviderError('PROMPT_NOT_FOUND', `There is no prompt "${name}".`);
    },
    async complete({ ref, argument }) {
      const operation = ref.type === 'resource' ? resources().byTemplate(ref.uri) : undefined;
      const schema = operation?.arguments.properties[argument.name];
      const listed = schema === undefined ? [] : listedValues(schema, model.schemas);
      const values = listed.filter((value) => value.toLowerCase().startsWith(argument.value.toLowerCase()));
      return { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 };
    },
    // The model never changes, so neither do its lists.
    onChange: () => () => {},
    close: () => options.close(),
  };

  async function callOperation(operation: Operation, given: Readonly<Record<string, unknown>>, context: CallContext) {
    const toolName = operation.id;
    const call = { toolName, method: operation.request.method };
    let performed: Performed | undefined;
    try {
      performed = await performHooked(operation, given, context);
      const resourceUri = operation.resource?.uri;
      const { projection } = operation.response;
      const whole = projection === undefined || isFailure(performed.status);
      const result = await toToolResult({
        ...performed,
        answer: whole ? performed.answer : project(performed.answer, projection),
        operation,
        toolName,
        maxResultBytes: options.maxResultBytes,
        extraNotes: [],
        ...(resourceUri !== undefined && { resourceUri }),
        compileSchema: options.compileSchema,
      });
      const { after } = hooksOf(hooks, operation);
      return after ? await after(result, context) : result;
    } catch (error) {
      return failureResult(error, performed ? { ...call, url: performed.url } : call);
    }
  }

  /** A tool call and a resource read alike. */
  async function performHooked(
    operation: Operation,
    given: Readonly<Record<string, unknown>>,
    context: CallContext,
  ): Promise<Performed> {
    const { fixed, before, shape } = hooksOf(hooks, operation);
    const all = fixed ? { ...given, ...fixed } : given;
    const used = before ? await before(all, context) : all;
    const performed = await perform({ operation, arguments: used }, context, performing);
    if (!shape || performed.answer.kind !== 'json' || isFailure(performed.status)) return performed;
    const value = await shape(performed.answer.value, context);
    return { ...performed, answer: { ...performed.answer, value, text: JSON.stringify(value) ?? 'null' } };
  }

  async function read(
    uri: string,
    { operation, arguments: given }: NonNullable<ReturnType<ResourceIndex['find']>>,
    context: CallContext,
  ): Promise<ResourceResult> {
    const { method } = operation.request;
    let performed: Performed;
    try {
      performed = await performHooked(operation, given, context);
    } catch (error) {
      const failed = new ProviderError('READ_FAILED', failureText(error, { toolName: operation.id, method }));
      throw withOutcome(failed, failureOutcome(error));
    }
    const outcome = httpOutcome(performed);
    if (isFailure(performed.status)) {
      const text = failedAnswerText({ ...performed, method, of: `resource "${uri}"` });
      throw withOutcome(new ProviderError('READ_FAILED', text), outcome);
    }
    const contents = await toResourceContents({
      answer: performed.answer,
      uri,
      mimeType: operation.resource?.mimeType,
    });
    return { contents, ...(outcome.cacheControl !== undefined && { _meta: outcomeMeta(outcome) }) };
  }
}

const NONE = Object.freeze([]);

function toolOf({ tool, arguments: exact }: Operation, { schemas }: ApiModel): Tool[] {
  if (!tool) return [];
  const { name, title, description, annotations, outputSchema } = tool;
  const { required, ...shown } = { ...(tool.inputSchema ?? exact) };
  const inputSchema = { ...shown, type: 'object' as const, ...(required?.length && { required }) };
  return [
    {
      name,
      ...(title !== undefined && { title }),
      description,
      inputSchema: { ...withDefs(inputSchema, schemas), type: 'object' },
      ...(outputSchema && { outputSchema }),
      annotations,
    },
  ];
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
