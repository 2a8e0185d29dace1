// Names that OpenTelemetry's conventions for MCP and HTTP prescribe, and the limits that we add.

/** The name of the instrumentation. */
export const SCOPE = 'openapi-mcp';

/** In seconds, as the conventions for MCP recommend. */
export const MCP_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
/** In seconds, as the conventions for HTTP recommend. */
export const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The value of attributes whose own value would create time series without limit. */
export const OTHER = '_OTHER';

const LONGEST = 256;

/** What a client sends may be of any length. */
export const short = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
