import { isRecord } from '../runtime/is-record.ts';

type Config = Readonly<Record<string, unknown>>;

/** Where a config lists tools in code mode: `mode: code`, or one of its transforms. */
export function codeModePlaces(config: Config): readonly string[] {
  const apis = Object.entries(isRecord(config.apis) ? config.apis : {});
  return [
    ...(config.mode === 'code' ? ['mode: code'] : []),
    ...transformPlaces(config.transforms, 'transforms'),
    ...apis.flatMap(([namespace, api]) =>
      transformPlaces(isRecord(api) ? api.transforms : undefined, `apis.${namespace}.transforms`),
    ),
  ];
}

/** Each transform is a name, or an object with the name and options. */
function transformPlaces(list: unknown, at: string): readonly string[] {
  return (Array.isArray(list) ? list : []).flatMap((each, index) =>
    each === 'codeMode' || (isRecord(each) && Object.hasOwn(each, 'codeMode')) ? [`${at}[${index}] (codeMode)`] : [],
  );
}
