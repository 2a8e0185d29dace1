import type { Provider } from '../../runtime/provider.ts';
import type { SessionWatch } from '../../runtime/serve/session-watch.ts';
import { stdout } from '../output/free-stdout.ts';
import { EXIT, type ExitCode, tell } from '../output/report.ts';
import { interruption } from '../process/interruption.ts';
import { errorTeller } from './report-start.ts';

/** Serves one client over stdio, until it disconnects or the process is signalled. */
export async function serveOverStdio(
  provider: Provider,
  flags: { readonly json: boolean; readonly quiet: boolean; readonly onSession?: SessionWatch | undefined },
): Promise<ExitCode> {
  const { serveStdio } = await import('../../runtime/serve/stdio/serve-stdio.ts');
  const interrupted = interruption();
  const connection = await serveStdio(provider, {
    onError: errorTeller(flags.json),
    stdout,
    onSession: flags.onSession,
  });
  if (process.stdin.isTTY && !flags.quiet && !flags.json) {
    tell('Waiting for an MCP client on stdin. MCP clients start this command themselves. Press Ctrl+C to stop.');
  }
  const exit = await Promise.race([connection.closed.then(() => EXIT.ok), interrupted]);
  await connection.close();
  return exit;
}
