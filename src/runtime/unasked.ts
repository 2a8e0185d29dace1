/** What happens to a call if the client cannot ask its user. */
export const UNASKED = { choices: ['refuse', 'token'], default: 'refuse' } as const;
export type Unasked = (typeof UNASKED.choices)[number];
