import { execFile } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a checked http(s) URL in the user's browser, without a shell. Whether a page appears cannot be known, so the URL
 * must be printed in any case.
 */
export function openBrowser(url: string, platform: NodeJS.Platform, env: Environment): void {
  const [program, ...args] = openerOf(platform);
  const child = execFile(program, [...args, url], { env: { ...env } }, () => {});
  // It must not keep this process alive.
  child.unref();
}

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
