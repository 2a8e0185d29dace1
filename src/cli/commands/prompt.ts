import type { FlagsOf } from '../../options/flags.ts';
import type { Prompt } from '../../runtime/provider.ts';
import { nearest } from '../../runtime/text/nearest.ts';
import { argumentWords } from '../client/arguments/argument-words.ts';
import type { CallWords } from '../client/arguments/call-words.ts';
import { known } from '../client/arguments/known-name.ts';
import { blockPart } from '../client/print/parts.ts';
import { showParts } from '../client/print/show-parts.ts';
import { useClient } from '../client/use-client.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { commandText, shellWord } from '../output/command-text.ts';
import { stdout } from '../output/free-stdout.ts';
import { EXIT, type ExitCode, ink, print, usageError } from '../output/report.ts';

/** `openapi-mcp prompt`: the messages of one prompt. */
export async function prompt(
  { name, given, ...words }: CallWords,
  line: CommandLine<FlagsOf<'prompt'>>,
): Promise<ExitCode> {
  return useClient(words, line, async ({ client, targetText, down, signal, listen }) => {
    const prompts = await client.listPrompts({ signal });
    const found = known(name, prompts, {
      kind: 'prompt',
      down: down(),
      help: `${commandText('list', targetText)} lists what is available.`,
    });
    const values = promptArguments(
      found,
      given,
      `${commandText('list', targetText, shellWord(name))} shows its arguments.`,
    );
    listen();
    const result = await client.getPrompt(name, values, { signal });
    if (line.flags.json) {
      print(JSON.stringify(result));
      return EXIT.ok;
    }
    const { bold } = ink(stdout);
    for (const [index, { role, content }] of result.messages.entries()) {
      print(`${index === 0 ? '' : '\n'}${bold(`${role}:`)}`);
      showParts([blockPart(content, `${name}-${index + 1}`)], { out: undefined, name, alone: false });
    }
    return EXIT.ok;
  });
}

function promptArguments(
  { name: prompt, arguments: known = [] }: Prompt,
  words: readonly string[],
  help: string,
): Readonly<Record<string, string>> {
  const given = argumentWords(words);
  const names = known.map(({ name }) => name);
  const faults = [
    ...known.filter(({ name, required }) => required && !given.has(name)).map(({ name }) => `${name}: is required`),
    ...[...given].flatMap(([name, texts]) => {
      if (!names.includes(name)) {
        const close = nearest(name, names);
        return [`${name}: is not a known argument.${close === undefined ? '' : ` Did you mean "${close}"?`}`];
      }
      return texts.length > 1 ? [`${name}: takes one value, but ${texts.length} were given`] : [];
    }),
  ];
  if (faults.length > 0) {
    throw usageError(`The arguments of "${prompt}" are invalid.`, [...faults, help].join('\n  '));
  }
  return Object.fromEntries([...given].map(([name, [text = '']]) => [name, text]));
}
