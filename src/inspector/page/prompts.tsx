import { useState } from 'preact/hooks';
import type { Prompt, PromptResult } from '../../runtime/provider.ts';
import type { CallAnswer } from '../api-types.ts';
import { PromptAnswer } from './answer.tsx';
import { CompletedInput } from './completed-input.tsx';
import { Heading } from './parts.tsx';
import { RunButton } from './run-button.tsx';
import { Items, Split } from './split.tsx';

export function PromptsView({ prompts, selected }: { prompts: readonly Prompt[]; selected: string | undefined }) {
  const prompt = prompts.find(({ name }) => name === selected);
  return (
    <Split
      view="prompts"
      noun="prompt"
      selected={selected}
      empty={prompts.length === 0 ? 'This server has no prompts.' : 'Select a prompt to see its messages.'}
      list={
        prompts.length === 0 ? (
          <p class="quiet empty">No prompts.</p>
        ) : (
          <Items
            view="prompts"
            items={prompts.map(({ name, title }) => ({ key: name, name, about: title }))}
            selected={selected}
          />
        )
      }
      detail={prompt && <PromptView key={selected} prompt={prompt} />}
    />
  );
}

function PromptView({ prompt: { name, title, description, arguments: listed = [] } }: { prompt: Prompt }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<CallAnswer<PromptResult>>();
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  return (
    <>
      <Heading id={name}>{title ?? name}</Heading>
      {description !== undefined && <p class="description">{description}</p>}
      {listed.map((argument) => (
        <CompletedInput
          key={argument.name}
          reference={{ type: 'prompt', name }}
          name={argument.name}
          description={argument.description}
          isRequired={argument.required ?? false}
          values={given}
          onChange={(value) => setValues({ ...values, [argument.name]: value })}
        />
      ))}
      <RunButton label="Get messages" path="prompt" body={{ name, arguments: given }} onAnswer={setAnswer} />
      {answer && <PromptAnswer answer={answer} />}
    </>
  );
}
