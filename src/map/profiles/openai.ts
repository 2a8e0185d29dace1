import { generic, ROOT_COMPOSITION } from './generic.ts';
import type { Profile } from './profile.ts';

/** OpenAI Chat Completions and Responses, without `strict`, which would make every property required. */
export const openai: Profile = {
  name: 'openai',
  // OpenAI, function calling: ^[a-zA-Z0-9_-]{1,64}$.
  toolName: { pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 64 },
  // OpenAI: 128 tools in a request (zed#32946).
  maxTools: 128,
  // sentry-mcp#106, cherry-studio#3698: a description over 1,024 characters fails the request.
  maxToolDescription: 1024,
  propertyKey: /^[a-zA-Z0-9_.-]{1,64}$/,
  // "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level".
  schema: { ...generic.schema, notAtRoot: ROOT_COMPOSITION },
};
