import type { Rule } from '../subject.ts';

/** OpenAPI 3.1.1 §4.8.5: a relative server is one of the host that serves the document, which a file does not have. */
export const noServer: Rule = {
  id: 'no-server',
  severity: 'warning',
  summary: 'The document names no server that requests can be sent to.',
  fix: 'Add `servers` with an absolute `url` (`host` in Swagger 2.0), or serve with --base-url.',
  *check({ document, model }) {
    if (document.url !== undefined) return;
    const [first] = model.servers;
    // It may begin with a variable that holds all of it.
    if (first === undefined || /^([a-z][a-z0-9+.-]*:\/\/|\{)/i.test(first.url)) return;
    const named = Array.isArray(document.root.servers) && !document.version.startsWith('2');
    const message = named
      ? `The server "${first.url}" is relative, and the document is no URL.`
      : 'No server is named.';
    yield { pointer: named ? '#/servers/0' : '#', message };
  },
};
