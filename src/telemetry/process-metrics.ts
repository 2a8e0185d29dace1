import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import type { Meter } from '@opentelemetry/api';

/** What shows whether the process is healthy, by OpenTelemetry's conventions for processes, Node.js and V8. */
export function processMetrics(meter: Meter): { close(): void } {
  meter
    .createObservableGauge('process.uptime', { description: 'Time since the process started.', unit: 's' })
    .addCallback((result) => result.observe(process.uptime()));
  meter
    .createObservableUpDownCounter('process.memory.usage', { description: 'Resident memory.', unit: 'By' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter('process.cpu.time', { description: 'CPU time used.', unit: 's' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / 1e6, { 'cpu.mode': 'user' });
      result.observe(system / 1e6, { 'cpu.mode': 'system' });
    });
  meter
    .createObservableUpDownCounter('v8js.memory.heap.used', { description: 'Used heap memory.', unit: 'By' })
    .addCallback((result) => {
      for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
        result.observe(space_used_size, { 'v8js.heap.space.name': space_name });
      }
    });
  return eventLoopMetrics(meter);
}

const RESOLUTION_MS = 20;

/** Since the last time somebody read them. */
function eventLoopMetrics(meter: Meter): { close(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // Node measures the time between two timers, not how late the second one is.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000;
  delay.enable();
  let last = performance.eventLoopUtilization();
  const gauge = (name: string, description: string, unit: string) =>
    meter.createObservableGauge(`nodejs.eventloop.${name}`, { description, unit });
  const mean = gauge('delay.mean', 'Mean delay of the event loop.', 's');
  const p99 = gauge('delay.p99', '99th percentile of the delay of the event loop.', 's');
  const max = gauge('delay.max', 'Longest delay of the event loop.', 's');
  const utilization = gauge('utilization', 'Share of the time in which the event loop was busy.', '1');
  meter.addBatchObservableCallback(
    (result) => {
      if (delay.count > 0) {
        result.observe(mean, seconds(delay.mean));
        result.observe(p99, seconds(delay.percentile(99)));
        result.observe(max, seconds(delay.max));
      }
      delay.reset();
      const now = performance.eventLoopUtilization();
      result.observe(utilization, performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
    [mean, p99, max, utilization],
  );
  return { close: () => void delay.disable() };
}
