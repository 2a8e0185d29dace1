/** Hosts that load tools on demand load these from the start: they are how other tools are found and called. */
export const ALWAYS_LOADED: Readonly<Record<string, unknown>> = Object.freeze({ 'anthropic/alwaysLoad': true });
