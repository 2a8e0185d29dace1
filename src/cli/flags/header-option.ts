import { canBeHeaderValue, HEADER_NAME_SYNTAX } from '../../runtime/api/header-syntax.ts';
import { CommandError, EXIT, usageError } from '../output/report.ts';
import type { Environment } from './environment.ts';

/**
 * Parses `'Name: value'` of `--header` and `--document-header` and fills in every `${VARIABLE}` of the value, so that
 * secrets do not appear in process lists. Messages never show the value.
 */
export function readHeader(text: string, option: string, environment: Environment): [name: string, value: string] {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).trim();
  if (!HEADER_NAME_SYNTAX.test(name)) {
    throw usageError(`${option}: the value is not a header.`, `Write it as 'Name: value'.`);
  }
  return checkHeader(name, expand(text.slice(colon + 1).trim(), `${option} "${name}"`, environment), option);
}

/** Parses `scheme=credential` of `--auth` and fills in its variables. @throws CommandError, without the credential */
export function readCredential(text: string, environment: Environment): [scheme: string, credential: string] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError('--auth: the value does not name a security scheme.', 'Write it as <scheme>=<credential>.');
  }
  const scheme = text.slice(0, equals);
  return [scheme, expand(text.slice(equals + 1), `--auth "${scheme}"`, environment)];
}

/**
 * Parses `--auth` for an MCP server, which has one security scheme: the token, or `<scheme>=<token>`. A token contains `=`
 * at its end only (RFC 6750 §2.1).
 *
 * @throws CommandError, without the token
 */
export function readToken(text: string, scheme: string, environment: Environment): string {
  const [, named, value] = /^([^=]*)=(?!=*$)(.*)$/s.exec(text) ?? [undefined, scheme, text];
  if (named !== scheme) {
    throw usageError(
      `--auth names the security scheme "${named}", but an MCP server has only "${scheme}".`,
      `Write --auth <token>, or --auth ${scheme}=<token>.`,
    );
  }
  return expand(value ?? '', '--auth', environment);
}

/** @param where the option, or the path in a config file. @throws CommandError, without the value */
export function checkHeader(name: string, value: string, where: string): [name: string, value: string] {
  if (!HEADER_NAME_SYNTAX.test(name))
    throw usageError(`${where}: "${name}" is not a valid header name.`, 'Correct it.');
  if (!canBeHeaderValue(value)) {
    const message = `${where} "${name}": the value has a character that headers cannot contain, such as a line break.`;
    throw usageError(message, 'Remove it.');
  }
  return [name, value];
}

/** The values of variables used in an option; all of them are secret. */
export function filledIn(text: string, environment: Environment): readonly string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, variable = '']) => environment[variable] || []);
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

function expand(value: string, where: string, environment: Environment): string {
  return value.replace(VARIABLE, (_, variable: string) => {
    const found = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
    if (found) return found;
    const fix = `Set ${variable} in the environment or in the --env-file.`;
    throw new CommandError(EXIT.credential, `${where} needs the variable ${variable}, which is not set.`, fix);
  });
}
