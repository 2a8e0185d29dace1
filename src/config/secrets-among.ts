/**
 * Selects the variable values that may be secret, by where they are used: in headers, credentials, arguments and
 * variables of programs, and in the user info, path and query of a URL. Names, filters, hosts and regions are not
 * secret: they occur in many responses.
 *
 * @param text with the values filled in
 * @param at `apis.pets.headers.Authorization`
 */
export function secretsAmong(values: readonly string[], text: string, at: string): readonly string[] {
  if (SECRET_PLACE.test(at)) return OPEN_CREDENTIAL_PART.test(at) ? [] : values;
  if (!ADDRESS.test(at)) return [];
  const [, origin = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#@]*)(?=[/?#]|$)/i.exec(text) ?? [];
  return values.flatMap((value) => {
    // A value that is itself a URL: its user name and password, and its query values.
    if (/:\/\//.test(value)) return [...userInfo(value), ...queryValues(value)];
    return origin.includes(value) ? [] : [value];
  });
}

const SECRET_PLACE =
  /(?:^|\.)(?:headers|documentHeaders|apis(?:\.[^.]+|\[[^\]]+\])\.auth|env|args|options|token|secrets|clientSecret|privateKey|servers(?:\.[^.]+|\[[^\]]+\])\.auth$|proxy\.secret|keys\[\d+\]\.key)(?:[.[]|$)/;
/** Parts of a credential that are names: regions, methods and the like. */
const OPEN_CREDENTIAL_PART =
  /^apis(?:\.[^.]+|\[[^\]]+\])\.auth(?:\.[^.]+|\[[^\]]+\])\.(?:clientAuth|region|service|keyId|algorithm|assertionAudience|audience|resource|scopes\[\d+\])$/;
const ADDRESS = /\.(?:baseUrl|spec|url)$|^store$/;

/** The `user:password` pair, and the password. */
function userInfo(address: string): readonly string[] {
  const pair = /\/\/([^/@]*)@/.exec(address)?.[1];
  return pair === undefined ? [] : [pair, pair.slice(pair.indexOf(':') + 1)];
}

const queryValues = (address: string): readonly string[] =>
  [...address.matchAll(/[?&][^=&#]*=([^&#]+)/g)].map(([, value = '']) => value);
