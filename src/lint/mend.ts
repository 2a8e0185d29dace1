import { toolNames } from '../map/tool-name.ts';
import { isObject } from '../parse/json.ts';
import { segmentsOf } from '../parse/references.ts';
import type { Finding } from './finding.ts';
import { jsonPath, type Overlay, type OverlayAction } from './overlay.ts';
import { createPlaces, type Written } from './places.ts';

export type { Written } from './places.ts';

import { type Subject, type SubjectOperation, textAt } from './subject.ts';

export interface Mended {
  /** `undefined` where nothing can be mended. */
  readonly overlay: Overlay | undefined;
  /** The findings that the overlay mends. */
  readonly findings: readonly Finding[];
}

/** An overlay that mends what needs no thought: applied to the document, its findings are gone. */
export function mend(found: readonly Finding[], subject: Subject, written: Written): Mended {
  const scene: Scene = { written: written.root, subject, ids: idsOf(subject) };
  const placesOf = createPlaces(written);
  const mended = found.flatMap((finding) => {
    const mender = Object.hasOwn(MENDERS, finding.rule) ? MENDERS[finding.rule] : undefined;
    if (!mender) return [];
    const actions = placesOf(finding.pointer).flatMap((pointer) => mender({ ...finding, pointer }, scene));
    return actions.length ? [{ finding, actions }] : [];
  });
  const actions = mended.flatMap((each) => each.actions);
  if (actions.length === 0) return { overlay: undefined, findings: [] };
  // A single value can be a target only since 1.1.
  const selectsValue = actions.some((action) => 'remove' in action);
  return {
    overlay: {
      overlay: selectsValue ? '1.1.0' : '1.0.0',
      info: { title: `Fixes for ${subject.model.title}`, version: subject.model.version },
      actions,
    },
    findings: mended.map(({ finding }) => finding),
  };
}

interface Scene {
  readonly written: unknown;
  readonly subject: Subject;
  /** A free operationId for each operation that needs one, by its pointer. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Nothing where the finding takes thought. */
type Mender = (finding: Finding, scene: Scene) => readonly OverlayAction[];

/** By rule. */
const MENDERS: Readonly<Record<string, Mender>> = {
  'missing-operation-id': nameOperation,
  DUPLICATE_OPERATION_ID: nameOperation,

  'summary-only'({ pointer }, scene) {
    const operation = operationAt(pointer, scene);
    const summary = operation && textAt(operation.written, 'summary');
    return summary === undefined ? [] : update(pointer, { description: summary }, 'Describe it.', scene);
  },

  MISSING_INFO(_, { written, subject: { model } }) {
    if (!isObject(written) || written.info !== undefined) return [];
    const info = { title: model.title, version: model.version };
    return [{ target: '$', description: 'Name the API.', update: { info } }];
  },

  MISSING_RESPONSES({ pointer }, scene) {
    if (valueAt(scene.written, pointer)?.responses !== undefined) return [];
    const responses = { default: { description: 'Any answer.' } };
    return update(pointer, { responses }, 'Describe the answer.', scene);
  },

  UNDECLARED_PATH_PARAMETER({ pointer, message }, scene) {
    const name = /^"\{(.+?)\}"/s.exec(message)?.[1];
    const parameters = valueAt(scene.written, pointer)?.parameters;
    if (name === undefined || (parameters !== undefined && !Array.isArray(parameters))) return [];
    const type = scene.subject.document.version.startsWith('2') ? { type: 'string' } : { schema: { type: 'string' } };
    const parameter = { name, in: 'path', required: true, ...type };
    return update(pointer, { parameters: [parameter] }, `Declare "${name}" of the path.`, scene);
  },

  BAD_PATTERN: removePattern,
  CATASTROPHIC_PATTERN: removePattern,
};

/** Rules, and codes of problems, of which findings can be mended. */
export const MENDABLE: readonly string[] = Object.keys(MENDERS);

function nameOperation({ pointer }: Finding, scene: Scene): readonly OverlayAction[] {
  const at = pointer.replace(/\/operationId$/, '');
  const operationId = scene.ids.get(at);
  return operationId === undefined ? [] : update(at, { operationId }, 'Give it a name of its own.', scene);
}

/** The pattern goes, and what it says stays as words. */
function removePattern({ pointer }: Finding, scene: Scene): readonly OverlayAction[] {
  const at = pointer.slice(0, pointer.lastIndexOf('/'));
  const owner = valueAt(scene.written, at);
  if (!owner || !pointer.endsWith('/pattern') || typeof owner.pattern !== 'string') return [];
  const description = [textAt(owner, 'description'), `Pattern: ${owner.pattern}`].filter((part) => part).join(' ');
  const remove = {
    target: jsonPath(scene.written, pointer),
    description: 'It cannot be checked.',
    remove: true as const,
  };
  return [...update(at, { description }, 'Keep the pattern as words.', scene), remove];
}

/** The action, where an overlay can select its target: of further files, only path items are in the document. */
function update(
  pointer: string,
  value: Readonly<Record<string, unknown>>,
  description: string,
  { written }: Scene,
): readonly OverlayAction[] {
  if (valueAt(written, pointer) === undefined) return [];
  return [{ target: jsonPath(written, pointer), description, update: value }];
}

/** The object at a pointer, without following any reference on the way. */
function valueAt(root: unknown, pointer: string): Readonly<Record<string, unknown>> | undefined {
  let value = root;
  for (const segment of segmentsOf(pointer) ?? [UNKNOWN]) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment]; // as was just seen
  }
  return isObject(value) ? value : undefined;
}

/** Of a pointer into another file: no key of any document. */
const UNKNOWN = '\u0000';

const operationAt = (pointer: string, { subject }: Scene): SubjectOperation | undefined =>
  subject.operations.find((operation) => operation.pointer === pointer);

/** Names made of method and path. */
function idsOf({ operations }: Subject): ReadonlyMap<string, string> {
  const taken = new Set(operations.map(({ written }) => textAt(written, 'operationId')));
  const names = toolNames(operations.map(({ origin: { operationId: _, ...unnamed } }) => unnamed));
  return new Map(
    operations.map(({ pointer }, index) => {
      const name = names[index] ?? '';
      let free = name;
      for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
      return [pointer, free];
    }),
  );
}
