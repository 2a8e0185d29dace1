// In: the HTTP response of an API. Out: an `Answer`, its content. Promise: nothing is kept beyond the limits, an
// endless stream ends, and nothing is lost or changed without a note.
export type * from './answer.ts';
export { AnswerHold, type BodyLength } from './answer-hold.ts';
export { ByteBudget, processBudget, type Share } from './byte-budget.ts';
export { acceptEncoding, type Decoder, type Decoders, webDecoders } from './content-encoding.ts';
export * from './read-answer.ts';
