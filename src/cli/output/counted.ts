import type { Operation } from '../../model/index.ts';

/** `1 tool`, `2 tools`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Number of operations that are served, and what as. */
export interface Faces {
  readonly operations: number;
  readonly tools: number;
  readonly resources: number;
  readonly resourceTemplates: number;
}

export const facesOf = (operations: readonly Operation[]): Faces => ({
  operations: operations.length,
  tools: operations.filter(({ tool }) => tool).length,
  resources: operations.filter(({ resource }) => resource?.uri !== undefined).length,
  resourceTemplates: operations.filter(({ resource }) => resource?.uriTemplate !== undefined).length,
});

/** `8 operations: 8 tools, 1 resource, 3 resource templates` */
export const countedFaces = (faces: Faces): string =>
  `${counted(faces.operations, 'operation')}: ${countedItems(faces)}`;

/** `3 tools, 1 resource, 0 resource templates` */
export function countedItems({ tools, resources, resourceTemplates }: Omit<Faces, 'operations'>): string {
  const templates = counted(resourceTemplates, 'resource template');
  return `${counted(tools, 'tool')}, ${counted(resources, 'resource')}, ${templates}`;
}
