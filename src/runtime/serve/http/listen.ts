import type { Server } from 'node:http';
import { codeOf } from '../../errors.ts';
import { ServeError } from './serve-error.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
}

/**
 * Resolves when the server listens.
 *
 * @param flag that sets the port, for messages
 * @throws ServeError if it cannot
 */
export function listen(server: Server, { host, port }: ListenAddress, flag: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { host, port }, flag)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: Error, { host, port }: ListenAddress, flag: string): ServeError {
  const options = { cause: error };
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ServeError(
        'PORT_IN_USE',
        `Port ${port} of ${host} is in use. Choose another with ${flag}, or ${flag} 0 for a free one.`,
        options,
      );
    case 'EACCES':
      return new ServeError(
        'CANNOT_LISTEN',
        `Port ${port} requires more privileges. Choose a port above 1023.`,
        options,
      );
    default:
      return new ServeError('CANNOT_LISTEN', `Cannot listen on ${host}:${port}: ${error.message}`, options);
  }
}

/** A host as URLs write it. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);
