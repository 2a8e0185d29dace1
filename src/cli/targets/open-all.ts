import type { Provider } from '../../runtime/provider.ts';

/** All at the same time; where one fails, the others are closed again and its error is thrown. */
export async function openAll<Opened extends { readonly provider: Provider }>(
  openings: readonly (() => Promise<Opened>)[],
): Promise<readonly Opened[]> {
  const settled = await Promise.allSettled(openings.map((open) => open()));
  const opened = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined) return opened;
  await Promise.allSettled(opened.map(({ provider }) => provider.close()));
  throw failed.reason;
}
