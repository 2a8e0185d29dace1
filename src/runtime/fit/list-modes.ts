// Values of the option for how tools are listed: for types, flags, config keys, checks and documentation. This file
// contains nothing else, so that the command line can import it without the modes.

/** How tools are listed; `auto`: the first of those before it whose list fits into the budget. */
export const LIST_MODES = {
  choices: ['tools', 'compact', 'signature', 'search', 'auto', 'code'],
  default: 'tools',
} as const;
export type ListMode = (typeof LIST_MODES.choices)[number];

/** Those that `auto` tries, from the largest list to the smallest. */
export const AUTO_MODES = ['tools', 'compact', 'signature', 'search'] as const satisfies readonly ListMode[];

/** Without `auto`. */
export const MODES = [...AUTO_MODES, 'code'] as const satisfies readonly ListMode[];
export type Mode = (typeof MODES)[number];
