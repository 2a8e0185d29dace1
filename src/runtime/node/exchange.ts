import type { Dispatcher } from 'undici';
import type { HttpResponse } from '../api/http.ts';
import type { CallError } from '../call-error.ts';
import { abortError, networkError } from './network-error.ts';
import { type ResponseBody, responseBody } from './response-body.ts';

/**
 * One request and its response. Settles with the head of the response; the body follows. Every failure, including that
 * of the body, is a `CallError` that names `address`.
 */
export function exchange({
  dispatcher,
  options,
  signal,
  address,
}: {
  dispatcher: Dispatcher;
  options: Dispatcher.DispatchOptions;
  signal: AbortSignal;
  address: string;
}): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let body: ResponseBody | undefined;
    let over = false;

    const finish = (failure?: CallError) => {
      if (over) return;
      over = true;
      signal.removeEventListener('abort', abort);
      if (failure === undefined) body?.end();
      else if (body === undefined) reject(failure);
      else body.fail(failure);
    };
    const abort = () => {
      const failure = abortError(signal.reason, address);
      finish(failure);
      controller?.abort(failure);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });

    // `dispatch` instead of `request`: a Readable and an AsyncResource per response would halve the throughput.
    dispatcher.dispatch(options, {
      onRequestStart(started) {
        controller = started;
        // The call ended while the connection was being opened.
        if (over) started.abort(abortError(signal.reason, address));
      },
      onResponseStart(started, status, headers) {
        // Interim responses, such as 103 Early Hints: RFC 9110 §15.2.
        if (status < 200) return;
        body = responseBody({
          pause: () => started.pause(),
          resume: () => started.resume(),
          cancel: () => {
            finish();
            started.abort(new Error('The response is no longer needed.'));
          },
        });
        resolve({ status, headers: headerList(headers), body: body.bytes });
      },
      onResponseData(_, chunk) {
        body?.push(chunk);
      },
      onResponseEnd() {
        finish();
      },
      onResponseError(_, error) {
        finish(networkError(error, { address, answered: body !== undefined }));
      },
    });
  });
}

function headerList(headers: Readonly<Record<string, string | string[] | undefined>>): HttpResponse['headers'] {
  const list: [name: string, value: string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.push([name, value]);
    else for (const one of value ?? []) list.push([name, one]);
  }
  return list;
}
