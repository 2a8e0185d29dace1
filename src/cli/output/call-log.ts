import { createTraffic, isCall, type TrafficEntry } from '../../dev/traffic.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { tell } from './report.ts';
import { jsonEntry, trafficDetails, trafficLine } from './traffic-lines.ts';

export interface CallLogOptions {
  /** Write JSON lines instead of lines for people. */
  readonly json: boolean;
  /** Strings to hide wherever they occur, each at least 4 characters long. */
  readonly secrets: () => readonly string[];
}

/**
 * Logs every finished request to stderr: calls with their HTTP exchanges and results, lists with their size. Secrets are
 * hidden, and so are the values of keys that look like secrets.
 */
export function withCallLog(provider: Provider, { json, secrets }: CallLogOptions): Provider {
  const traffic = createTraffic({ secrets, most: 1, lists: true });
  traffic.onEntry((entry) => (json ? tell(jsonEntry(entry)) : humanLines(entry).forEach(tell)));
  return withMiddleware(provider, traffic.middleware);
}

const humanLines = (entry: TrafficEntry): string[] => [
  `${new Date(entry.at).toISOString()} ${trafficLine(entry)}`,
  ...(isCall(entry) ? trafficDetails(entry) : []),
];
