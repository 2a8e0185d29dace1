// Processor time and memory of processes. Only Linux reports those of another one: elsewhere they are `undefined`.
import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of the threads of a process so far, in milliseconds. */
export function processorTime(pid) {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    // Nanoseconds on a processor come first.
    const times = tasks.map((task) =>
      Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return times.reduce((sum, time) => sum + time, 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** @param key of `/proc/<pid>/status`: "VmHWM" for the peak, "VmRSS" for the resident memory now. In bytes. */
export function memoryOf(pid, key) {
  try {
    const kilobytes = new RegExp(`${key}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Processor time of this process since `start`, a `process.cpuUsage()`, in milliseconds. */
export function cpuMs(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
