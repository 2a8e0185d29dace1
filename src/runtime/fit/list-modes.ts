// Values of the option for how tools are listed: for types, flags, config keys, checks and documentation. This file
// contains nothing else, so that the command line can import it without the modes.

/** How tools are listed; `auto`: the first of the others whose list fits into the budget. */
export const LIST_MODES = { choices: ['tools', 'compact', 'signature', 'search', 'auto'], default: 'tools' } as const;
export type ListMode = (typeof LIST_MODES.choices)[number];

/** Without `auto`, from the largest list to the smallest. */
export const MODES = ['tools', 'compact', 'signature', 'search'] as const satisfies readonly ListMode[];
export type Mode = (typeof MODES)[number];
