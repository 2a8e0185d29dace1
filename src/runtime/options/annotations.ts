import type { ToolAnnotations } from '../../model/index.ts';
import type { ContentAnnotations } from '../provider.ts';
import { choice, listOf, number, onOff, shape, text } from './option-kinds.ts';

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

/** Annotations of a resource or of a content block (MCP, Annotations). */
export const CONTENT_ANNOTATIONS = shape<ContentAnnotations>({
  audience: listOf('audiences', choice({ user: true, assistant: true })),
  priority: number({ min: 0, max: 1 }),
  lastModified: text,
});
