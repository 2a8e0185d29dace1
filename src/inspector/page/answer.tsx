import type { ComponentChildren } from 'preact';
import type { ContentBlock, PromptResult, ResourceContents, ResourceResult } from '../../runtime/provider.ts';
import type { CallAnswer, CallFailure, ShownExchange, ToolAnswer } from '../api-types.ts';
import { Code, counted, Json, milliseconds } from './parts.tsx';

/** The result of a tool call: its status, what a model gets, and what was sent. */
export function AnswerView({ answer }: { answer: ToolAnswer }) {
  const { result, failure, exchanges } = answer;
  const blocks = failure ? [] : (result?.content ?? []);
  return (
    <Answer answer={answer}>
      {blocks.map((block, index) => (
        <Block key={index} block={block} />
      ))}
      {result?.structuredContent !== undefined && (
        <details open={blocks.length === 0}>
          <summary>Structured content</summary>
          <Json label="Structured content" value={result.structuredContent} />
        </details>
      )}
      <Exchanges exchanges={exchanges} />
    </Answer>
  );
}

/** What became of a call, and its result. */
function Answer({ answer, children }: { answer: CallAnswer; children: ComponentChildren }) {
  return (
    <section class="answer" aria-label="Result">
      <h3>Result</h3>
      <Facts answer={answer} />
      {answer.failure && <Failure failure={answer.failure} />}
      {children}
    </section>
  );
}

function Facts({ answer: { failure, exchanges, ms, tokens } }: { answer: CallAnswer }) {
  const status = exchanges.at(-1)?.response?.status;
  return (
    <ul class="badges">
      <li class={`badge ${failure ? 'bad' : 'good'}`}>{failure ? 'failed' : 'ok'}</li>
      {status !== undefined && <li class="badge">HTTP {status}</li>}
      <li class="badge">{milliseconds(ms)}</li>
      <li class="badge">about {counted(tokens, 'token')}</li>
    </ul>
  );
}

function Failure({ failure: { code, meaning, message, fix } }: { failure: CallFailure }) {
  return (
    <div class="notice error">
      {code !== undefined && (
        <p>
          <strong class="error-code">{code}</strong> {meaning}
        </p>
      )}
      <p class="pre">{message}</p>
      {fix !== undefined && <p class="pre fix">{fix}</p>}
    </div>
  );
}

function Block({ block }: { block: ContentBlock }) {
  switch (block.type) {
    case 'text':
      return <Code label="Text" text={laidOut(block.text)} />;
    case 'image':
      return <img alt="Part of the result" src={`data:${block.mimeType};base64,${block.data}`} />;
    case 'resource':
      return <Contents contents={block.resource} />;
    default:
      return <Json label={block.type} value={block} />;
  }
}

/** JSON with line breaks. Numbers that JavaScript would round are left as they are, with everything else. */
function laidOut(text: string): string {
  if (!/^\s*[[{]/.test(text) || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Contents({ contents }: { contents: ResourceContents }) {
  if ('text' in contents) return <Code label={contents.uri} text={laidOut(contents.text)} />;
  if (contents.mimeType?.startsWith('image/')) {
    return <img alt={contents.uri} src={`data:${contents.mimeType};base64,${contents.blob}`} />;
  }
  return <p class="quiet">Binary content, {counted(Math.floor((contents.blob.length * 3) / 4), 'byte')}.</p>;
}

export function ReadAnswer({ answer }: { answer: CallAnswer<ResourceResult> }) {
  return (
    <Answer answer={answer}>
      {answer.result?.contents.map((contents, index) => (
        <Contents key={index} contents={contents} />
      ))}
      <Exchanges exchanges={answer.exchanges} />
    </Answer>
  );
}

export function PromptAnswer({ answer }: { answer: CallAnswer<PromptResult> }) {
  return (
    <Answer answer={answer}>
      {answer.result?.messages.map(({ role, content }, index) => (
        <div key={index}>
          <h4>{role}</h4>
          <Block block={content} />
        </div>
      ))}
    </Answer>
  );
}

export function Exchanges({ exchanges, isOpen = false }: { exchanges: readonly ShownExchange[]; isOpen?: boolean }) {
  if (exchanges.length === 0) return null;
  return (
    <details open={isOpen}>
      <summary>{counted(exchanges.length, 'HTTP exchange')}</summary>
      {exchanges.map((exchange, index) => (
        <Code key={index} label={`HTTP exchange ${index + 1}`} text={exchangeText(exchange)} />
      ))}
    </details>
  );
}

/** The heads of request and response, and the body of the request. */
function exchangeText({ request, response, error, ms }: ShownExchange): string {
  const heads = (headers: ShownExchange['request']['headers']) => headers.map(([name, value]) => `${name}: ${value}`);
  return [
    `${request.method} ${request.url}`,
    ...heads(request.headers),
    ...(request.body === undefined ? [] : ['', request.body]),
    '',
    ...(response
      ? [`HTTP ${response.status} (${milliseconds(ms)})`, ...heads(response.headers)]
      : [error ?? 'No response.']),
  ].join('\n');
}
