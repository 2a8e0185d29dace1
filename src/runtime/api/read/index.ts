// In: the HTTP answer of an API. Out: an `Answer`, what it says.
// Promise: nothing is kept beyond the limits, an endless stream ends, and nothing is lost or altered without a note.
export type * from './answer.ts';
export { AnswerHold, type BodyLength } from './answer-hold.ts';
export { ByteBudget, processBudget, type Share } from './byte-budget.ts';
export { acceptEncoding, type Decoder, type Decoders, webDecoders } from './content-encoding.ts';
export * from './read-answer.ts';
