// Bundles the page of the inspector into one HTML file, with its script and its style: dist/inspector/page.html.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';
import { writeNotices } from './notices.mjs';

const SOURCE = 'src/inspector/page';

const { output } = await build({
  input: `${SOURCE}/main.tsx`,
  platform: 'browser',
  tsconfig: `${SOURCE}/tsconfig.json`,
  write: false,
  output: { format: 'esm', minify: true, codeSplitting: false },
});
const [{ code }] = output;
// Would end the element that it is in. Only strings and regular expressions can contain it.
const script = code.trim().replaceAll('</script', '<\\/script');
const style = readFileSync(`${SOURCE}/style.css`, 'utf8')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,]) ?/g, '$1')
  .trim();

// Functions: in a text, "$&" and the like would be replaced.
const page = readFileSync(`${SOURCE}/index.html`, 'utf8')
  .replace('<style></style>', () => `<style>${style}</style>`)
  .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
mkdirSync('dist/inspector', { recursive: true });
writeFileSync('dist/inspector/page.html', page);
writeNotices('dist/inspector', output);
