import { replaceLiterals } from '../runtime/api/read/json.ts';

/**
 * Members that carry a secret in the request or the response of a login: those of RFC 6749 (4.3.2, 5.1), RFC 7591
 * (3.2.1), RFC 8628 (3.2) and RFC 8693 (2.1), and the names that APIs use for their own. Lower case, without `_` and `-`.
 */
const NAMES: ReadonlySet<string> = new Set([
  'accesstoken',
  'actortoken',
  'apikey',
  'assertion',
  'authorization',
  'authtoken',
  'clientsecret',
  'codeverifier',
  'devicecode',
  'idtoken',
  'jwt',
  'passwd',
  'password',
  'privatekey',
  'refreshtoken',
  'registrationaccesstoken',
  'secret',
  'secretkey',
  'sessiontoken',
  'subjecttoken',
  'token',
]);
const CONCEALED = '[credential]';

const isSecret = (name: string): boolean => NAMES.has(name.toLowerCase().replace(/[_-]/g, ''));

/** JSON text with the strings of such members replaced; lists of strings too. */
export function concealIssuedInJson(json: string): string {
  let isIssued = false;
  return replaceLiterals(json, {
    number: (digits) => digits,
    string(value, isKey) {
      if (isKey) isIssued = isSecret(value);
      return isIssued && !isKey ? CONCEALED : value;
    },
  });
}

/** A form, or a URL with a query, with the values of such fields replaced. */
export const concealIssuedInForm = (form: string): string =>
  form.replace(/(?<=^|[?&])([^=?&#]+)=[^&#]*/g, (field, name: string) =>
    isSecret(name) ? `${name}=${CONCEALED}` : field,
  );
