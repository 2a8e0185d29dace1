import {
  covers,
  type DeclaredContent,
  type DeclaredResponse,
  essenceOf,
  isJsonType,
  responseFor,
} from '../model/index.ts';
import { headerValue } from '../runtime/api/http.ts';
import type { Performed } from '../runtime/api/perform.ts';
import { type Comparing, type Judgement, schemaFaults } from './schema-faults.ts';

export interface Judging extends Comparing {
  /** Pointer of the operation. */
  readonly pointer: string;
  readonly method: string;
}

/** Where a response contradicts what the document declares for its status. */
export async function judgeResponse(performed: Performed, judging: Judging): Promise<readonly Judgement[]> {
  const { responses, pointer } = judging;
  const declared = responses.of(pointer);
  const response = responseFor(declared, performed.status);
  if (!response) return declared.length === 0 ? [] : [undocumentedStatus(performed, declared, pointer)];
  return [...missingHeaders(performed, response), ...(await judgeBody(performed, response, judging))];
}

const one = (judgement: Omit<Judgement, 'place' | 'count'>): Judgement => ({ place: '', count: 1, ...judgement });

function undocumentedStatus({ status }: Performed, declared: readonly DeclaredResponse[], pointer: string): Judgement {
  const statuses = declared.map((each) => each.status).join(', ');
  return one({
    code: 'undocumented-status',
    pointer: `${pointer}/responses`,
    declared: `status ${statuses}`,
    seen: `status ${status}`,
  });
}

function missingHeaders({ headers }: Performed, response: DeclaredResponse): readonly Judgement[] {
  const missing = response.headers.filter(({ name, required }) => required && headerValue(headers, name) === undefined);
  return missing.map(({ name, pointer }) =>
    one({ code: 'missing-header', pointer, declared: `header "${name}" is required`, seen: 'it is missing' }),
  );
}

/** RFC 9110 §15.3.5, §15.3.6, §15.4.5 */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

async function judgeBody(
  { answer, status, headers }: Performed,
  { contents, pointer }: DeclaredResponse,
  { method, ...comparing }: Judging,
): Promise<readonly Judgement[]> {
  if (method === 'HEAD' || BODILESS.has(status) || contents.length === 0) return [];
  const types = contents.map(({ mediaType }) => mediaType).join(', ');
  const [json] = contents.filter(isJson);
  if (answer.kind === 'empty') {
    const seen = 'an empty body';
    return json ? [one({ code: 'empty-body', pointer: json.pointer, declared: json.mediaType, seen })] : [];
  }
  const written = headerValue(headers, 'content-type');
  const type = essenceOf(written ?? '');
  const content = contentFor(type, contents);
  if (!content) {
    const seen = written === undefined ? 'no Content-Type' : type;
    return [one({ code: 'wrong-media-type', pointer: `${pointer}/content`, declared: types, seen })];
  }
  if (answer.kind === 'json' && isJson(content)) return schemaFaults(answer.value, content, comparing);
  if (answer.kind === 'items' && content.itemSchema !== undefined) {
    const items = { ...content, schema: { type: 'array' as const, items: content.itemSchema } };
    return schemaFaults(
      answer.items.map(({ value }) => value),
      items,
      comparing,
    );
  }
  // That includes several JSON texts, one per line.
  if (!isJsonType(type) || answer.flaw === 'INCOMPLETE') return [];
  return [one({ code: 'invalid-json', pointer: content.pointer, declared: 'JSON', seen: 'a body that is not JSON' })];
}

const isJson = ({ mediaType, schema }: DeclaredContent): boolean =>
  isJsonType(essenceOf(mediaType)) ||
  (mediaType.includes('*') && typeof schema === 'object' && schema.type !== 'string');

/** The declared content for a media type: the type itself, otherwise a range. */
function contentFor(type: string, contents: readonly DeclaredContent[]): DeclaredContent | undefined {
  const exact = contents.find(({ mediaType }) => essenceOf(mediaType) === type || mediaType === '*/*');
  return exact ?? contents.find(({ mediaType }) => covers(essenceOf(mediaType), type));
}
