// Times calls of one tool, for every benchmark in the same way: first one at a time, then several at once.

export const IN_FLIGHT = 16;

/**
 * @param peer has `request(method, params)` and `cpu()`, the processor time of the server in ms
 * @param counts how many calls to make before anything is timed, one at a time, and at once
 * @returns times of single calls in ms, the processor time of one in ms, and calls per second with 16 in flight
 */
export async function timeCalls(peer, call, { warmUp, single, atOnce }) {
  const once = async () => {
    const started = performance.now();
    const { isError, content } = await peer.request('tools/call', call);
    if (isError) throw new Error(`The call failed: ${content[0]?.text}`);
    return performance.now() - started;
  };
  for (let index = 0; index < warmUp; index += 1) await once();
  const times = [];
  const spent = peer.cpu() ?? Number.NaN;
  for (let index = 0; index < single; index += 1) times.push(await once());
  const cpu = ((peer.cpu() ?? Number.NaN) - spent) / single;
  let left = atOnce;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await once();
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return { times, cpu, rate: (atOnce * 1000) / (performance.now() - started) };
}

/** The value below which this share of the values is. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
}
