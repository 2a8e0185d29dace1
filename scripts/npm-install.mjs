import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { platform, arch } = process;
const NODE = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;

/** Installs a package into a folder, unless it is there. */
export async function npmInstall(folder, name, version) {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return;
  const options = ['--prefix', folder, '--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
  const npm = spawn('npm', ['install', ...options, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: platform === 'win32',
  });
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`${name}@${version} cannot be installed.`);
}

/** Installs only the platform's package of Node: `node` would just install a copy of it. @returns the program */
export async function npmInstallNode(folder, version) {
  await npmInstall(folder, NODE, version);
  return join(folder, 'node_modules', NODE, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}
