import type { Provider } from './provider.ts';

type Updates = Pick<Provider, 'onResourceUpdate'>;

/** What a wrapper around the provider passes on of its updates. @param toUri the URI that clients know; default: the same */
export function updatesOf(provider: Provider, toUri = (uri: string) => uri): Updates {
  // Looked up again at each call: a composite has updates only while one of its children has some.
  if (!provider.onResourceUpdate) return {};
  return {
    onResourceUpdate: (listener) => provider.onResourceUpdate?.((uri) => listener(toUri(uri))) ?? (() => {}),
  };
}
