import type { Declarations } from './compile.ts';
import { MOCK_SEED } from './map/choices.ts';
import type { ApiModel } from './model/index.ts';
import type { ModelParts } from './runtime/api/open-model.ts';
import { serverUrl } from './runtime/api/request/server-url.ts';
import { once } from './runtime/once.ts';
import { OptionError } from './runtime/options/option-error.ts';

/** Options for work without the API, and for recordings of it. At most one of `mock`, `record` and `replay` may be set. */
export interface StandInOptions {
  /** Answers with examples and schemas of the document; nothing is sent. Default false. */
  readonly mock?: boolean;
  /** Varies what `mock` makes up. Default 1. */
  readonly mockSeed?: number | undefined;
  /** The declared status that `mock` answers with. Default: success. */
  readonly mockStatus?: number | undefined;
  /** A folder to write every request and its response to, without secrets. */
  readonly record?: string | undefined;
  /** A folder of recordings to answer from; nothing is sent. */
  readonly replay?: string | undefined;
}

/** How requests are answered, if not by the API alone. */
export interface StandIn extends Pick<ModelParts, 'exchange' | 'offline'> {
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** @throws OptionError for options that exclude each other, or have no effect */
export function checkStandIn({ mock = false, mockSeed, mockStatus, record, replay }: StandInOptions): void {
  const given = { mock: mock || undefined, record, replay };
  const chosen = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (chosen.length > 1) {
    const [one, other] = chosen;
    throw new OptionError(`"${one}" (--${one}) and "${other}" (--${other}) exclude each other. Leave one of them out.`);
  }
  if (mock) return;
  const without = mockSeed !== undefined ? ['mockSeed', 'mock-seed'] : ['mockStatus', 'mock-status'];
  if (mockSeed !== undefined || mockStatus !== undefined)
    throw new OptionError(
      `"${without[0]}" (--${without[1]}) has no effect without "mock" (--mock). Add it, or leave both out.`,
    );
}

/** Opens what stands in for the API. @throws OptionError if a folder cannot be used */
export async function openStandIn(
  model: ApiModel,
  { mock = false, mockSeed = MOCK_SEED.default, mockStatus, record, replay }: StandInOptions,
  declarations: Declarations | undefined,
): Promise<StandIn> {
  const close = async () => {};
  if (mock) {
    // A model from the cache would have none; with `mock`, the cache is not used.
    if (!declarations) throw new Error('The document was loaded without its declarations.');
    const { mockExchanger } = await import('./mock/index.ts');
    const exchange = mockExchanger(
      once(() => declarations.responses('examples')),
      { seed: mockSeed, status: mockStatus },
    );
    const status = mockStatus === undefined ? '' : `, status ${mockStatus}`;
    const notice = `Responses are made up from the document (mock, seed ${mockSeed}${status}). No request is sent to the API.`;
    return { exchange, offline: true, notices: [notice], close };
  }
  if (replay !== undefined) {
    const { openReplay } = await import('./recording/replay.ts');
    const { exchange, requests } = openReplay({ folder: replay, document: identityOf(model) });
    const count = requests === 1 ? '1 request' : `${requests} requests`;
    return {
      exchange,
      offline: true,
      notices: [`Responses are replayed from ${replay} (${count}). No request is sent to the API.`],
      close,
    };
  }
  if (record === undefined) return { notices: [], close };
  const { openRecorder } = await import('./recording/record.ts');
  const onProblem = (message: string) => process.emitWarning(message);
  const { exchange, close: closeRecorder } = openRecorder({ folder: record, document: identityOf(model), onProblem });
  return {
    exchange,
    notices: [`Requests and responses are recorded in ${record}, without credentials.`],
    close: closeRecorder,
  };
}

/** What a recording belongs to: independent of the base URL, so that it can be replayed without it. */
function identityOf({ title, version, servers, documentUrl }: ApiModel) {
  const server = serverUrl({ servers, variables: {}, ...(documentUrl !== undefined && { documentUrl }) });
  return { title, version, server: 'url' in server ? new URL(server.url).origin : null };
}
