import { generic, ROOT_COMPOSITION } from './generic.ts';
import type { Profile } from './profile.ts';

/** Amazon Bedrock: Converse, Agents and the AgentCore Gateway. */
export const bedrock: Profile = {
  name: 'bedrock',
  // Converse: [a-zA-Z0-9_-]+, 64; Agents start with a letter.
  toolName: { pattern: /^[a-zA-Z][a-zA-Z0-9_-]*$/, maxLength: 64 },
  propertyKey: /^[a-zA-Z0-9_.-]{1,64}$/,
  schema: {
    ...generic.schema,
    notAtRoot: ROOT_COMPOSITION,
    // AgentCore Gateway, MCP targets: $ref, $defs and $anchor are rejected (fastmcp#3655), oneOf is not supported.
    refused: ['$ref', '$defs', '$anchor', 'oneOf'],
    inlined: { maxDepth: 10, maxSize: 16_000, maxDescription: 1000 },
  },
};
