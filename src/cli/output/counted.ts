/** `1 tool`, `2 tools`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `8 operations: 8 tools, 1 resource, 3 resource templates` */
export function countedFaces(counts: {
  readonly operations: number;
  readonly tools: number;
  readonly resources: number;
  readonly resourceTemplates: number;
}): string {
  const faces = [
    counted(counts.tools, 'tool'),
    counted(counts.resources, 'resource'),
    counted(counts.resourceTemplates, 'resource template'),
  ];
  return `${counted(counts.operations, 'operation')}: ${faces.join(', ')}`;
}
