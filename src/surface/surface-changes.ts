import { type Change, change } from './change.ts';
import { samePlace, serverChanges } from './request-changes.ts';
import { sharedSchemaChanges } from './shared-schema-changes.ts';
import type { Surface, SurfacePrompt, SurfaceResource, SurfaceTool } from './surface.ts';
import { toolChanges } from './tool-changes.ts';

/** The differences between two surfaces, breaking ones first. */
export function surfaceChanges(old: Surface, now: Surface): readonly Change[] {
  const changes = [
    ...allToolChanges(old, now),
    ...sharedSchemaChanges(old, now),
    ...resourceChanges('resource', old.resources, now.resources),
    ...resourceChanges('resource template', old.resourceTemplates, now.resourceTemplates),
    ...promptChanges(old.prompts, now.prompts),
    ...apiChanges(old, now),
    ...(old.instructions === now.instructions
      ? []
      : [change('TEXT_CHANGED', 'server', 'The instructions for the model are different.')]),
  ];
  const breaking = changes.filter(({ breaks }) => breaks.length > 0);
  return [...breaking, ...changes.filter(({ breaks }) => breaks.length === 0)];
}

function allToolChanges(old: Surface, now: Surface): Change[] {
  const schemas = { before: old.schemas, after: now.schemas };
  const { kept, lost, gained } = compared(old.tools, now.tools);
  const renamed = renames(lost, gained);
  const newNames = new Set(renamed.map(({ to }) => to.key));
  const oldNames = new Set(renamed.map(({ from }) => from.key));
  return [
    ...lost
      .filter(({ key }) => !oldNames.has(key))
      .map(({ key }) => change('TOOL_REMOVED', `tool "${key}"`, 'It no longer exists.')),
    ...renamed.flatMap(({ from, to }) => [
      change('TOOL_RENAMED', `tool "${from.key}"`, `It is now "${to.key}".`),
      ...toolChanges(to.key, from.value, to.value, schemas),
    ]),
    ...kept.flatMap(({ key, before, after }) => toolChanges(key, before, after, schemas)),
    ...gained
      .filter(({ key }) => !newNames.has(key))
      .map(({ key }) => change('TOOL_ADDED', `tool "${key}"`, 'It is new.')),
  ];
}

type NamedTool = Item<SurfaceTool>;

/** A tool that is gone and a new one for the same request are one. */
function renames(lost: readonly NamedTool[], gained: readonly NamedTool[]) {
  const left = new Set(gained);
  return lost.flatMap((from) => {
    const to = [...left].find(({ value }) => isSameOperation(from.value, value));
    if (!to) return [];
    left.delete(to);
    return [{ from, to }];
  });
}

const isSameOperation = ({ request: one }: SurfaceTool, { request: other }: SurfaceTool): boolean =>
  one !== undefined && other !== undefined && samePlace(one, other);

function resourceChanges(
  kind: string,
  old: Readonly<Record<string, SurfaceResource>>,
  now: Readonly<Record<string, SurfaceResource>>,
): Change[] {
  const { kept, lost, gained } = compared(old, now);
  return [
    ...lost.map(({ key }) => change('RESOURCE_REMOVED', `${kind} "${key}"`, 'It no longer exists.')),
    ...gained.map(({ key }) => change('RESOURCE_ADDED', `${kind} "${key}"`, 'It is new.')),
    ...kept.flatMap(({ key, before, after }) => {
      const [was, is] = [before.mimeType ?? 'unknown', after.mimeType ?? 'unknown'];
      const messages = [
        ...(before.name === after.name ? [] : [`Its name is "${after.name}" instead of "${before.name}".`]),
        ...(before.mimeType === after.mimeType ? [] : [`Its media type is ${is} instead of ${was}.`]),
      ];
      return messages.map((message) => change('RESOURCE_CHANGED', `${kind} "${key}"`, message));
    }),
  ];
}

type Prompts = Readonly<Record<string, SurfacePrompt>>;

function promptChanges(old: Prompts, now: Prompts): Change[] {
  const { kept, lost, gained } = compared(old, now);
  return [
    ...lost.map(({ key }) => change('PROMPT_REMOVED', `prompt "${key}"`, 'It no longer exists.')),
    ...gained.map(({ key }) => change('PROMPT_ADDED', `prompt "${key}"`, 'It is new.')),
    ...kept.flatMap(({ key, before, after }) => promptArgumentChanges(`prompt "${key}"`, before, after)),
  ];
}

function promptArgumentChanges(subject: string, before: SurfacePrompt, after: SurfacePrompt): Change[] {
  const { kept, lost, gained } = compared(before.arguments, after.arguments);
  return [
    ...lost.map(({ key }) => change('PROMPT_ARGUMENT_REMOVED', subject, `The argument "${key}" no longer exists.`)),
    ...gained.map(({ key, value }) =>
      value
        ? change('PROMPT_ARGUMENT_REQUIRED', subject, `The argument "${key}" is new and required.`)
        : change('PROMPT_ARGUMENT_ADDED', subject, `The argument "${key}" is new.`),
    ),
    ...kept
      .filter(({ before: was, after: is }) => was !== is)
      .map(({ key, after: required }) =>
        required
          ? change('PROMPT_ARGUMENT_REQUIRED', subject, `The argument "${key}" is now required.`)
          : change('PROMPT_ARGUMENT_ADDED', subject, `The argument "${key}" is now optional.`),
      ),
    ...(before.description === after.description
      ? []
      : [change('TEXT_CHANGED', subject, 'It has another description.')]),
  ];
}

function apiChanges(old: Surface, now: Surface): Change[] {
  const { kept, lost, gained } = compared(old.apis, now.apis);
  // A document whose title has changed is still the same one.
  const [from, to] = [lost[0], gained[0]];
  const isRenamed = from && to && lost.length === 1 && gained.length === 1;
  const pairs = isRenamed ? [...kept, { key: to.key, before: from.value, after: to.value }] : kept;
  return pairs.flatMap(({ key, before, after }) => serverChanges(`API "${key}"`, before, after));
}

interface Item<Value> {
  readonly key: string;
  readonly value: Value;
}

/** Compares two objects by key. */
function compared<Value>(old: Readonly<Record<string, Value>>, now: Readonly<Record<string, Value>>) {
  const before = new Map(Object.entries(old));
  const after = new Map(Object.entries(now));
  const kept: { readonly key: string; readonly before: Value; readonly after: Value }[] = [];
  const lost: Item<Value>[] = [];
  for (const [key, value] of before) {
    const other = after.get(key);
    if (other === undefined) lost.push({ key, value });
    else kept.push({ key, before: value, after: other });
  }
  const gained: Item<Value>[] = [...after].filter(([key]) => !before.has(key)).map(([key, value]) => ({ key, value }));
  return { kept, lost, gained };
}
