import type { Rule } from '../subject.ts';

/** OpenAPI 3.1.1 §4.8.5: a relative server URL is relative to the document's URL, which a file does not have. */
export const noServer: Rule = {
  id: 'no-server',
  severity: 'warning',
  summary: 'The document has no server that requests can be sent to.',
  fix: 'Add `servers` with an absolute `url` (`host` in Swagger 2.0), or serve with --base-url.',
  *check({ document, model }) {
    if (document.url !== undefined) return;
    const [first] = model.servers;
    // The URL may start with a variable for the complete URL.
    if (first === undefined || /^([a-z][a-z0-9+.-]*:\/\/|\{)/i.test(first.url)) return;
    const named = Array.isArray(document.root.servers) && !document.version.startsWith('2');
    const message = named
      ? `The server "${first.url}" is relative, but the document was not loaded from a URL.`
      : 'The document has no servers.';
    yield { pointer: named ? '#/servers/0' : '#', message };
  },
};
