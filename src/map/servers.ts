import type { ServerChoice, ServerVariable } from '../model/index.ts';
import { given } from '../runtime/given.ts';
import { getOwn, setOwn } from './own.ts';
import { isObject, joinPointer, type Located, prose, type Reader, text } from './reader.ts';

/** The servers declared in an object; `undefined` if it declares none (OpenAPI 3.1.1 §4.8.5 Server Object). */
export function settleServers(owner: Located, reader: Reader): readonly ServerChoice[] | undefined {
  const list = owner.value.servers;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const servers = list.flatMap((value, index) =>
    settleServer(value, joinPointer(owner.pointer, 'servers', String(index)), reader),
  );
  return servers.length ? servers : undefined;
}

function settleServer(value: unknown, pointer: string, reader: Reader): ServerChoice[] {
  const server = reader.object(value, pointer)?.value;
  if (!server) return [];
  if (typeof server.url !== 'string') {
    reader.report('BAD_SERVER', pointer, 'A server requires a "url". It is ignored.');
    return [];
  }
  const variables: Record<string, ServerVariable> = {};
  const written = isObject(server.variables) ? server.variables : {};
  for (const [, name = ''] of server.url.matchAll(/\{([^{}]*)\}/g)) {
    const described = getOwn(written, name);
    const variable = isObject(described) ? described : {};
    const choices = Array.isArray(variable.enum) ? variable.enum.map(String) : undefined;
    const fallback = variable.default ?? choices?.[0];
    if (fallback === undefined)
      reader.report(
        'BAD_SERVER',
        pointer,
        `The variable "{${name}}" of the server has no default. Set it with --server-var ${name}=<value>.`,
      );
    const preset = fallback === undefined ? undefined : String(fallback);
    setOwn(variables, name, given({ default: preset, enum: choices, description: prose(variable, 'description') }));
  }
  const { url } = server;
  return [{ url, ...given({ name: text(server, 'name'), description: prose(server, 'description') }), variables }];
}
