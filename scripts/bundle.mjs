// Puts the command line into a few files. Node loads each module on its own, and there are hundreds: in one piece a
// server starts a tenth faster. Of the packages only those go in that every start needs and that come in many files.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'rolldown';

const INSIDE = ['commander'];

// What serving a document over stdio needs is one file; left to itself it would fall into many, for each command
// shares another part of it.
const START = /dist[\\/]cli[\\/]run\.js$|dist[\\/]runtime[\\/]serve[\\/]stdio\.js$/;

const { output } = await build({
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

// Chunks are called by their hash: those of earlier builds would go into the package.
const written = new Set(output.map(({ fileName }) => fileName));
for (const name of readdirSync('dist/bin')) if (!written.has(name)) rmSync(`dist/bin/${name}`);
