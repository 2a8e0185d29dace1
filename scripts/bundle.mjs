// Puts the command line into a few files. Node loads each module on its own, and there are hundreds: in one piece a
// server starts a tenth faster. Of the packages only those go in that every start needs and that come in many files.
import { build } from 'rolldown';

const INSIDE = ['commander', 'safe-regex2', 'ret'];

// What serving a document over stdio needs is one file; left to itself it would fall into many, for each command
// shares another part of it.
const START = /dist[\\/]cli[\\/]run\.js$|dist[\\/]runtime[\\/]serve[\\/]stdio\.js$/;

await build({
  input: { 'openapi-mcp': 'dist/cli/main.js' },
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !INSIDE.includes(id),
  output: {
    dir: 'dist/bin',
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: [{ name: 'start', test: START }] },
  },
});
