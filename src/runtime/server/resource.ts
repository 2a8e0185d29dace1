import { defined } from '../../model/index.ts';
import {
  type MatchedValue,
  type MatchedValues,
  type ParsedTemplate,
  parseTemplate,
} from '../api/uri-template/index.ts';
import { CONTENT_ANNOTATIONS } from '../options/annotations.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { number, record, text, texts } from '../options/option-kinds.ts';
import type {
  Completion,
  CompletionResult,
  ContentAnnotations,
  Icon,
  Resource,
  ResourceContents,
  ResourceResult,
  ResourceTemplate,
} from '../provider.ts';
import { toBase64 } from '../text/base64.ts';
import { checkCall, HANDLER_HINTS, ICONS } from './check-call.ts';
import { COMPLETERS, type Completers, completed } from './completion.ts';
import type { Context } from './context.ts';
import { plainJson } from './plain-json.ts';
import { checkValues } from './safe-values.ts';
import type { TemplateValues, TemplateVariables } from './template-variables.ts';

export interface ResourceOptions<Uri extends string, LifespanValue> {
  /** Default: derived from the URI, `today` for `notes://today`. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /**
   * The media type of the content. Default: `text/plain` for text, `application/octet-stream` for bytes,
   * `application/json` for data.
   */
  readonly mimeType?: string;
  readonly icons?: readonly Icon[];
  /** Its audience, priority, and last modification. */
  readonly annotations?: ContentAnnotations;
  readonly _meta?: Readonly<Record<string, unknown>>;
  /** In bytes, if known. For static resources only. */
  readonly size?: number;
  /** Values that complete a variable of the template. */
  readonly complete?: Completers<TemplateVariables<Uri>, LifespanValue>;
  /**
   * Variables of the template that may have any value. For others, values that could escape a folder are rejected: `..`
   * in a path, an absolute path, a NUL character. Default: none.
   */
  readonly unchecked?: readonly TemplateVariables<Uri>[];
}

const checked = declareOptions<ResourceOptions<string, never>>(
  'resource()',
  {
    name: text,
    title: text,
    description: text,
    mimeType: text,
    size: number({ min: 0, whole: true }),
    icons: ICONS,
    annotations: CONTENT_ANNOTATIONS,
    _meta: record,
    complete: COMPLETERS,
    unchecked: texts,
  },
  {
    hints: {
      ...HANDLER_HINTS,
      mime: 'Write "mimeType".',
      uri: 'Pass the URI as the first argument.',
      uriTemplate: 'Pass the template as the first argument: resource("users://{id}", …).',
      list: 'List the resources of a template with resource(uri, …) for each.',
    },
    example: "resource('notes://today', { name: 'today' }, () => 'Nothing yet.')",
  },
);

export interface ResourceContext<LifespanValue> extends Context<LifespanValue> {
  /** The URI to read. */
  readonly uri: string;
}

/** Text, bytes, data (returned as JSON), contents with their own URIs, or a complete result. */
export type ResourceHandler<Uri extends string, LifespanValue> = (
  variables: TemplateValues<Uri>,
  context: ResourceContext<LifespanValue>,
) => unknown;

interface ReadablePart<LifespanValue> {
  read(uri: string, variables: Variables, context: Context<LifespanValue>): Promise<ResourceResult>;
}
export interface ResourcePart<LifespanValue> extends ReadablePart<LifespanValue> {
  readonly listed: Resource;
}
export interface TemplatePart<LifespanValue> extends ReadablePart<LifespanValue> {
  readonly listed: ResourceTemplate;
  complete(completion: Completion, context: Context<LifespanValue>): Promise<CompletionResult>;
}
type Variables = MatchedValues;

/** RFC 6570 §2.1: only an expression has braces; a URI (RFC 3986) has none. */
export const isTemplate = (uri: string): boolean => uri.includes('{');

export function resourcePart<Uri extends string, LifespanValue>(
  uri: Uri,
  options: ResourceOptions<Uri, LifespanValue>,
  handler: ResourceHandler<Uri, LifespanValue>,
): ResourcePart<LifespanValue> {
  checkResource(uri, options, handler);
  const { size } = options;
  return {
    listed: Object.freeze({ uri, ...described(uri, options), ...(size !== undefined && { size }) }),
    read: reader(uri, options, handler),
  };
}

/** @throws Error if the template is malformed (RFC 6570 §2) */
export function templatePart<Uri extends string, LifespanValue>(
  uriTemplate: Uri,
  options: ResourceOptions<Uri, LifespanValue>,
  handler: ResourceHandler<Uri, LifespanValue>,
): TemplatePart<LifespanValue> {
  checkResource(uriTemplate, options, handler);
  const parsed = parseTemplate(uriTemplate);
  const read = reader(uriTemplate, options, handler);
  const completers: Completers<string, LifespanValue> = options.complete ?? {};
  const unchecked: readonly string[] = options.unchecked ?? [];
  return {
    listed: Object.freeze({ uriTemplate, ...described(uriTemplate, options) }),
    async read(uri, matched, context) {
      const values = settled(parsed, matched);
      checkValues(values, unchecked);
      return read(uri, values, context);
    },
    complete: (completion, context) => completed(completers, completion, context),
  };
}

/** The values in their declared types: a list for an exploded variable, a string for every other. */
function settled({ parts }: ParsedTemplate, matched: MatchedValues): MatchedValues {
  const values = new Map<string, MatchedValue>();
  for (const part of parts) {
    if (typeof part === 'string') continue;
    const { operator, variables } = part;
    for (const { name, explode } of variables) {
      const value = Object.hasOwn(matched, name) ? matched[name] : undefined;
      // Only query variables may be absent: any other is empty then.
      if (value === undefined && (operator === '?' || operator === '&')) continue;
      values.set(name, explode ? listOf(value) : listOf(value).join(','));
    }
  }
  return Object.fromEntries(values);
}

function listOf(value: MatchedValue | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : Object.entries(value).map((pair) => pair.join('='));
}

function described(uri: string, options: ResourceOptions<string, never>) {
  const { name, title, description, mimeType, icons, annotations, _meta } = options;
  return { name: name ?? nameOf(uri), ...defined({ title, description, mimeType, icons, annotations, _meta }) };
}

function reader<Uri extends string, LifespanValue>(
  about: Uri,
  { mimeType }: ResourceOptions<Uri, LifespanValue>,
  handler: ResourceHandler<Uri, LifespanValue>,
): ReadablePart<LifespanValue>['read'] {
  return async (uri, variables, context) => {
    // The match has the template's variables, as in the type.
    const returned = await handler(variables as TemplateValues<Uri>, { ...context, uri });
    return resourceResult(about, returned, { uri, mimeType });
  };
}

function resourceResult(
  about: string,
  returned: unknown,
  { uri, mimeType }: { readonly uri: string; readonly mimeType: string | undefined },
): ResourceResult {
  if (typeof returned === 'string') return { contents: [{ uri, mimeType: mimeType ?? 'text/plain', text: returned }] };
  if (returned instanceof Uint8Array) {
    return { contents: [{ uri, mimeType: mimeType ?? 'application/octet-stream', blob: toBase64(returned) }] };
  }
  if (isContents(returned)) return { contents: [returned] };
  if (Array.isArray(returned) && returned.length > 0 && returned.every(isContents)) return { contents: returned };
  if (isResult(returned)) return returned;
  const text = plainJson(returned, `The handler of "${about}"`);
  return { contents: [{ uri, mimeType: mimeType ?? 'application/json', text }] };
}

function isContents(value: unknown): value is ResourceContents {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, text, blob } = value as { readonly uri?: unknown; readonly text?: unknown; readonly blob?: unknown };
  return typeof uri === 'string' && (typeof text === 'string' || typeof blob === 'string');
}

function isResult(value: unknown): value is ResourceResult {
  const contents = (value as { readonly contents?: unknown } | null | undefined)?.contents;
  return Array.isArray(contents) && contents.every(isContents);
}

/** The last words of a URI or template: `today` for `notes://today`, `profile` for `users://{id}/profile`. */
function nameOf(uri: string): string {
  const [scheme = '', rest = ''] = uri.replace(/\{[^}]*\}/g, '').split(/:(.*)/s);
  const last = rest.split(/[?#]/, 1)[0]?.split('/').filter(Boolean).at(-1);
  return last ?? (scheme || uri);
}

function checkResource(uri: string, options: unknown, handler: unknown): void {
  checkCall('resource', uri, options, handler);
  // Route syntax of web frameworks; RFC 6570 §2.2 uses braces.
  const colon = /(?<=\/):([A-Za-z_]\w*)/g;
  if (colon.test(uri)) {
    throw new OptionError(
      `"${uri}" is not a URI template. Write variables in braces: "${uri.replace(colon, '{$1}')}".`,
    );
  }
  checked(options as ResourceOptions<string, never>, `The resource "${uri}"`);
  // RFC 3986 §3.1. A template may start with an expression, so its scheme is unknown.
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\{)/.test(uri)) return;
  throw new OptionError(`"${uri}" is not a valid resource URI: it has no scheme. Write for example "notes://${uri}".`);
}
