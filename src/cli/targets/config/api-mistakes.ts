import type { ConfigValue } from '../../../config/config-spec.ts';
import type { Mistake } from '../../../config/read-value.ts';
import { settingProblem } from '../../../map/paging/setting.ts';
import { createSelection } from '../../../map/select.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { placeWithin } from '../../../runtime/text/place-within.ts';
import { checkHeader } from '../../flags/header-option.ts';

type ApiValue = NonNullable<ConfigValue['apis']>[string];

/** Errors in an API of a config file that can be found without its document: headers, filters, routes, pagination. */
export function apiMistakes(at: string, api: ApiValue): readonly Mistake[] {
  const headers = (['headers', 'documentHeaders'] as const).flatMap((key) =>
    Object.entries(api[key] ?? {}).map(
      ([name, value]) => [`${at}.${key}`, () => checkHeader(name, value, key)] as const,
    ),
  );
  const filters = (['include', 'exclude', 'routes'] as const).flatMap((key) =>
    (api[key] ?? []).map(
      (text, index) => [`${at}.${key}[${index}]`, () => createSelection({ ...NONE, [key]: [text] })] as const,
    ),
  );
  const pagination = Object.entries(api.pagination ?? {}).flatMap(([name, setting]): readonly Mistake[] => {
    const message = settingProblem(setting);
    const path = placeWithin(`${at}.pagination`, name);
    return message === undefined ? [] : [{ path, message, isMissingVariable: false }];
  });
  return [...[...headers, ...filters].flatMap(([path, check]) => mistakeOf(path, check)), ...pagination];
}

const NONE = { include: [], exclude: [], routes: [], readOnly: false };

function mistakeOf(path: string, check: () => unknown): readonly Mistake[] {
  try {
    check();
    return [];
  } catch (error) {
    return [{ path, message: `is invalid: ${messageOf(error)}`, isMissingVariable: false }];
  }
}
