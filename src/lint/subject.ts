import type { ProfileName } from '../map/profiles/index.ts';
import type { ApiModel, JsonSchemaObject, Operation } from '../model/index.ts';
import { createToolBytes, type ToolBytes } from '../model/tool-bytes.ts';
import type { ApiDocument } from '../parse/api-document.ts';
import { resolvePointer } from '../parse/references.ts';
import { listedInput } from '../runtime/api/schema/listed-input.ts';
import { listedSchema, measuredInput } from '../runtime/api/schema/listed-schema.ts';
import type { RuleInfo } from './finding.ts';

/** The input of rules: a document, and what would be served from it. */
export interface Subject {
  readonly document: ApiDocument;
  readonly model: ApiModel;
  /** The provider profile that tools are listed for. */
  readonly profile: ProfileName;
  readonly operations: readonly SubjectOperation[];
}

export interface SubjectOperation extends Operation {
  /** As written in the document, in OpenAPI 3 form. */
  readonly written: Readonly<Record<string, unknown>>;
  /** JSON pointer into the user's own file. */
  readonly pointer: string;
  /** As listed to clients; `undefined` if it is only a resource. */
  readonly listed: ListedTool | undefined;
}

export interface ListedTool {
  readonly name: string;
  readonly description: string;
  /** Complete, even if the list shows a shortened one. */
  readonly inputSchema: JsonSchemaObject;
  /** Size of its entry in `tools/list`, as JSON. */
  readonly bytes: number;
  /** The same with its complete input schema. */
  readonly fullBytes: number;
}

export interface Rule extends RuleInfo {
  check(subject: Subject): Iterable<{ readonly pointer: string; readonly message: string }>;
}

export function createSubject(document: ApiDocument, model: ApiModel, profile: ProfileName): Subject {
  const bytes = createToolBytes();
  const tools = model.operations.filter(({ tool }) => tool !== undefined).length;
  const operations = model.operations.map((operation): SubjectOperation => {
    const { pointer } = operation.origin;
    const found = resolvePointer(document.root, pointer)?.value;
    const written = typeof found === 'object' && found !== null ? (found as SubjectOperation['written']) : {};
    return { ...operation, written, pointer, listed: listedTool(operation, model, { bytes, tools }) };
  });
  return { document, model, profile, operations };
}

function listedTool(
  { tool, arguments: exact }: Operation,
  { schemas }: ApiModel,
  { bytes, tools }: { readonly bytes: ToolBytes; readonly tools: number },
): ListedTool | undefined {
  if (!tool) return undefined;
  const { inputSchema: shown = exact, ...rest } = tool;
  const inputSchema = listedSchema(shown, schemas);
  return {
    name: tool.name,
    description: tool.description,
    inputSchema,
    bytes: bytes.tool({ ...rest, inputSchema: listedInput(measuredInput(shown, tools), schemas).schema }),
    fullBytes: bytes.tool({ ...rest, inputSchema }),
  };
}

/** The non-empty string at a key of an unvalidated object, or `undefined`. */
export function textAt(node: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = node[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
