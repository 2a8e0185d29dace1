import type { Credential, Credentials } from './auth/credentials.ts';
import type { HttpResponse } from './http.ts';
import type { Answer } from './read/index.ts';

/** Shorter values occur by chance: hiding them would only tear holes into answers. */
const SHORTEST = 8;
const CONCEALED = '[credential]';

/** The values among credentials that must not be seen, longest first. */
export function secretsOf(credentials: Credentials, tokens: Readonly<Record<string, string>>): readonly string[] {
  const values = Object.values(credentials).map(secretOf);
  const all = [...values, ...Object.values(tokens)].flatMap((value) => [value, encodeURIComponent(value)]);
  return [...new Set(all)].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function secretOf(credential: Credential): string {
  switch (credential.kind) {
    case 'apiKey':
      return credential.value;
    case 'bearer':
      return credential.token;
    case 'basic':
      return credential.password;
    case 'clientCredentials':
      return credential.clientSecret;
  }
}

/** An API that echoes the credential it was sent, in a link to the next page or in an error, must not hand it to the model. */
export function concealInAnswer(answer: Answer, secrets: readonly string[]): Answer {
  switch (answer.kind) {
    case 'json':
    case 'text': {
      const text = conceal(answer.text, secrets);
      if (text === answer.text) return answer;
      return answer.kind === 'text'
        ? { ...answer, text }
        : { ...answer, text, value: concealInValue(answer.value, secrets) };
    }
    case 'items':
      return {
        ...answer,
        items: answer.items.map((item) => ({
          ...item,
          text: conceal(item.text, secrets),
          value: concealInValue(item.value, secrets),
        })),
      };
    case 'binary':
    case 'empty':
      return answer;
  }
}

export function concealInHeaders(
  headers: HttpResponse['headers'],
  secrets: readonly string[],
): HttpResponse['headers'] {
  return headers.map(([name, value]) => [name, conceal(value, secrets)]);
}

function conceal(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (shown, secret) => (shown.includes(secret) ? shown.replaceAll(secret, CONCEALED) : shown),
    text,
  );
}

function concealInValue(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return conceal(value, secrets);
  if (Array.isArray(value)) return value.map((item) => concealInValue(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [conceal(key, secrets), concealInValue(inner, secrets)]),
  );
}
