#!/usr/bin/env node
import { asInStartup, quickStart } from '../runtime/node/quick-start.ts';
import { keepCompiledCode } from './process/compiled-code.ts';

// First, because compiled code is valid for the settings of the engine that it was compiled with. So nothing else is
// imported here.
quickStart();
keepCompiledCode({ command: process.argv[2], asInStartup });
const { runProgram } = await import('./program.ts');
await runProgram(process.argv);
