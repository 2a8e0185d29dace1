// What model providers accept, as data, and the compiler that converts a tool's schema accordingly.
// In: the exact schema of the arguments, and a profile. Out: the schema to list, and how to convert arguments back.
// Promise: the listed schema accepts whatever the exact one does; validation always uses the exact one.
import type { ProfileName } from '../choices.ts';
import { bedrock } from './bedrock.ts';
import { claude } from './claude.ts';
import { cursor } from './cursor.ts';
import { gemini } from './gemini.ts';
import { generic } from './generic.ts';
import { openai } from './openai.ts';
import type { Profile } from './profile.ts';

export type { ProfileName } from '../choices.ts';
export { type AppliedProfile, applyProfile } from './apply-profile.ts';
export { createViolationSearch, nameViolations, violations } from './check-profile.ts';
export type { Profile, SchemaRules } from './profile.ts';

export const PROFILES: Readonly<Record<ProfileName, Profile>> = { claude, openai, gemini, bedrock, cursor, generic };
