// The central data type: one API as plain JSON. In: nothing. Out: types, and the few pure functions that belong to
// them. Promise: this folder imports nothing, and contains no behaviour.
export type * from './api-model.ts';
export * from './auth-scheme.ts';
export type * from './coercion.ts';
export * from './declared-response.ts';
export * from './file-input.ts';
export * from './hidden-text.ts';
export * from './json-schema.ts';
export * from './large-integer.ts';
export * from './media-type.ts';
export type * from './operation.ts';
export * from './own.ts';
export type * from './pagination-plan.ts';
export type * from './request-plan.ts';
export * from './response-plan.ts';
export type * from './search-data.ts';
export * from './subschemas.ts';
