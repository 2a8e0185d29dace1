// Puts the command line into a few files. Node loads each module on its own, and there are hundreds: in one piece a
// server starts a tenth faster. Of the packages only those go in that every start needs and that come in many files.
import { build } from 'rolldown';

const INSIDE = ['commander', 'safe-regex2', 'ret'];

await build({
  input: { 'openapi-mcp': 'dist/cli/main.js' },
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !INSIDE.includes(id),
  output: { dir: 'dist/bin', format: 'esm', chunkFileNames: '[name]-[hash].js' },
});
