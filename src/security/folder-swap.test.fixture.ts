import { spawn } from 'node:child_process';

/** Starts a process that keeps swapping a folder for a link and back; the result stops it. */
export async function startSwapping(folder: string, link: string): Promise<() => void> {
  const program = `
    const { renameSync } = require('node:fs');
    const [folder, link] = process.argv.slice(1);
    process.stdout.write('ready');
    for (let round = 0; round < 5_000_000; round++) {
      renameSync(folder, folder + '.aside');
      renameSync(link, folder);
      renameSync(folder, link);
      renameSync(folder + '.aside', folder);
    }`;
  const child = spawn(process.execPath, ['-e', program, folder, link], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return () => void child.kill('SIGKILL');
}
