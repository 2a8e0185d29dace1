import { toolNames } from '../map/tool-name.ts';
import { isObject } from '../parse/json.ts';
import { segmentsOf } from '../parse/references.ts';
import type { Finding } from './finding.ts';
import { jsonPath, type Overlay, type OverlayAction } from './overlay.ts';
import { createPlaces, type Written } from './places.ts';
import { type Subject, type SubjectOperation, textAt } from './subject.ts';

export interface OverlayFixes {
  /** `undefined` if nothing can be fixed automatically. */
  readonly overlay: Overlay | undefined;
  /** The findings that the overlay fixes. */
  readonly findings: readonly Finding[];
}

/** An overlay with automatic fixes. Applying it to the document removes the findings that it fixes. */
export function fixOverlay(found: readonly Finding[], subject: Subject, written: Written): OverlayFixes {
  const scene: Scene = { written: written.root, subject, ids: idsOf(subject) };
  const placesOf = createPlaces(written);
  const fixes = found.flatMap((finding) => {
    const fixer = Object.hasOwn(FIXERS, finding.rule) ? FIXERS[finding.rule] : undefined;
    if (!fixer) return [];
    const actions = placesOf(finding.pointer).flatMap((pointer) => fixer({ ...finding, pointer }, scene));
    return actions.length ? [{ finding, actions }] : [];
  });
  const actions = fixes.flatMap((each) => each.actions);
  if (actions.length === 0) return { overlay: undefined, findings: [] };
  // Overlay 1.0 cannot target a primitive value.
  const selectsValue = actions.some((action) => 'remove' in action);
  return {
    overlay: {
      overlay: selectsValue ? '1.1.0' : '1.0.0',
      info: { title: `Fixes for ${subject.model.title}`, version: subject.model.version },
      actions,
    },
    findings: fixes.map(({ finding }) => finding),
  };
}

interface Scene {
  readonly written: unknown;
  readonly subject: Subject;
  /** An unused operationId for each operation, by pointer. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Returns no actions if the finding needs a human decision. */
type Fixer = (finding: Finding, scene: Scene) => readonly OverlayAction[];

/** By rule. */
const FIXERS: Readonly<Record<string, Fixer>> = {
  'missing-operation-id': nameOperation,
  DUPLICATE_OPERATION_ID: nameOperation,

  'summary-only'({ pointer }, scene) {
    const operation = operationAt(pointer, scene);
    const summary = operation && textAt(operation.written, 'summary');
    return summary === undefined ? [] : update(pointer, { description: summary }, 'Add a description.', scene);
  },

  MISSING_INFO(_, { written, subject: { model } }) {
    if (!isObject(written) || written.info !== undefined) return [];
    const info = { title: model.title, version: model.version };
    return [{ target: '$', description: 'Add the name of the API.', update: { info } }];
  },

  MISSING_RESPONSES({ pointer }, scene) {
    if (valueAt(scene.written, pointer)?.responses !== undefined) return [];
    const responses = { default: { description: 'Any response.' } };
    return update(pointer, { responses }, 'Describe the response.', scene);
  },

  UNDECLARED_PATH_PARAMETER({ pointer, data }, scene) {
    const name = data?.parameter;
    const parameters = valueAt(scene.written, pointer)?.parameters;
    if (name === undefined || (parameters !== undefined && !Array.isArray(parameters))) return [];
    const type = scene.subject.document.version.startsWith('2') ? { type: 'string' } : { schema: { type: 'string' } };
    const parameter = { name, in: 'path', required: true, ...type };
    return update(pointer, { parameters: [parameter] }, `Declare the path parameter "${name}".`, scene);
  },

  BAD_PATTERN: removePattern,
  CATASTROPHIC_PATTERN: removePattern,
};

/** Rules and problem codes whose findings can be fixed automatically. */
export const FIXABLE: readonly string[] = Object.keys(FIXERS);

function nameOperation({ pointer }: Finding, scene: Scene): readonly OverlayAction[] {
  const at = pointer.replace(/\/operationId$/, '');
  const operationId = scene.ids.get(at);
  return operationId === undefined ? [] : update(at, { operationId }, 'Give it a unique operationId.', scene);
}

/** Removes the pattern, and keeps it in the description. */
function removePattern({ pointer }: Finding, scene: Scene): readonly OverlayAction[] {
  const at = pointer.slice(0, pointer.lastIndexOf('/'));
  const owner = valueAt(scene.written, at);
  if (!owner || !pointer.endsWith('/pattern') || typeof owner.pattern !== 'string') return [];
  const description = [textAt(owner, 'description'), `Pattern: ${owner.pattern}`].filter((part) => part).join(' ');
  const remove = {
    target: jsonPath(scene.written, pointer),
    description: 'Remove a pattern that cannot be validated.',
    remove: true as const,
  };
  return [...update(at, { description }, 'Move the pattern to the description.', scene), remove];
}

/** Returns no action if an overlay cannot select the target: of other files, only path items are in the document. */
function update(
  pointer: string,
  value: Readonly<Record<string, unknown>>,
  description: string,
  { written }: Scene,
): readonly OverlayAction[] {
  if (valueAt(written, pointer) === undefined) return [];
  return [{ target: jsonPath(written, pointer), description, update: value }];
}

/** The object at a pointer, without following references. */
function valueAt(root: unknown, pointer: string): Readonly<Record<string, unknown>> | undefined {
  let value = root;
  for (const segment of segmentsOf(pointer) ?? [UNKNOWN]) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment]; // checked above
  }
  return isObject(value) ? value : undefined;
}

/** Stands for a pointer into another file: never a key in a document. */
const UNKNOWN = '\u0000';

const operationAt = (pointer: string, { subject }: Scene): SubjectOperation | undefined =>
  subject.operations.find((operation) => operation.pointer === pointer);

/** operationIds derived from method and path. */
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
