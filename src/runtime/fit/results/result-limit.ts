/** The most tokens that a result may cost a model: hosts warn from 10,000 on, and spill or cut from 25,000 on. */
export const MAX_RESULT_TOKENS = 20_000;

/** Less would leave no room for data next to the note. */
export const SMALLEST_RESULT_TOKENS = 500;
