/** `auto`: 2026-07-28 if the server supports it, otherwise 2025. `legacy`: always 2025, without negotiation. */
export const MODES = { choices: ['auto', 'legacy'], default: 'auto' } as const;
export type Mode = (typeof MODES.choices)[number];
