import type { ToolAnnotations } from '../../model/index.ts';
import { onOff, shape } from './option-kinds.ts';

/** Annotations of a tool (MCP, ToolAnnotations). */
export const ANNOTATIONS = shape<ToolAnnotations>(
  { readOnlyHint: onOff, destructiveHint: onOff, idempotentHint: onOff, openWorldHint: onOff },
  {
    expected: 'an object such as { readOnlyHint: true }',
    hints: {
      title: 'Write "title" as an option of the tool itself.',
      readOnly: 'Write "readOnlyHint".',
      destructive: 'Write "destructiveHint".',
      idempotent: 'Write "idempotentHint".',
      openWorld: 'Write "openWorldHint".',
    },
  },
);
