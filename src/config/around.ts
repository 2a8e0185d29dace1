import { messageOf } from '../runtime/errors.ts';
import type { Middleware } from '../runtime/middleware/middleware.ts';
import type { Provider } from '../runtime/provider.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigValue } from './config-spec.ts';
import { MIDDLEWARE, type MiddlewareMeans } from './middleware.ts';
import { TRANSFORMS } from './transforms.ts';

/** What stands round a part, as it is in the file. */
export type AroundValue = Pick<ConfigValue, 'middleware' | 'transforms'>;

export interface AroundMeans extends MiddlewareMeans {
  /** The config file, for messages. */
  readonly path: string;
  /** Where the part stands in it: `apis.pets`; empty for the whole. */
  readonly at: string;
}

/**
 * The provider seen through transforms, one after the other.
 *
 * @throws ConfigError that names the one whose options do not go with the provider
 */
export async function withTransforms(
  provider: Provider,
  transforms: AroundValue['transforms'] = [],
  means: AroundMeans,
): Promise<Provider> {
  let shown = provider;
  for (const [index, transform] of transforms.entries()) {
    shown = await told(means, `transforms[${index}]`, () =>
      typeof transform === 'function' ? transform(shown) : transformed(shown, transform),
    );
  }
  return shown;
}

/** The middleware that a config names, the first one outermost. @throws ConfigError, as above */
export async function middlewareOf(
  middleware: AroundValue['middleware'] = [],
  means: AroundMeans,
): Promise<readonly Middleware[]> {
  return Promise.all(
    middleware.map((each, index) =>
      told(means, `middleware[${index}]`, () => (typeof each === 'function' ? each : namedMiddleware(each, means))),
    ),
  );
}

type TransformValue = Exclude<NonNullable<AroundValue['transforms']>[number], (...given: never[]) => unknown>;
type MiddlewareValue = Exclude<NonNullable<AroundValue['middleware']>[number], Middleware>;

/** Each kind takes the options that its own spec has read; the type of the pair is lost in the table. */
interface AnyTransform {
  readonly make: (provider: Provider, options: unknown) => Provider | Promise<Provider>;
}
interface AnyMiddleware {
  readonly make: (options: unknown, means: MiddlewareMeans) => Middleware;
}

function transformed(provider: Provider, value: TransformValue): Provider | Promise<Provider> {
  const [name, options] = nameAndOptions(value);
  const kind = TRANSFORMS[name as keyof typeof TRANSFORMS] as AnyTransform;
  return kind.make(provider, options);
}

function namedMiddleware(value: MiddlewareValue, means: MiddlewareMeans): Middleware {
  const [name, options] = nameAndOptions(value);
  const kind = MIDDLEWARE[name as keyof typeof MIDDLEWARE] as AnyMiddleware;
  return kind.make(options, means);
}

/** Reading has made an object of a name alone. */
function nameAndOptions(value: string | object): readonly [name: string, options: unknown] {
  if (typeof value === 'string') return [value, {}];
  const [[name, options] = ['', {}]] = Object.entries(value);
  return [name, options];
}

async function told<T>({ path, at }: AroundMeans, place: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const where = at === '' ? place : `${at}.${place}`;
    throw new ConfigError(path, [{ path: where, message: `cannot be: ${messageOf(error)}`, isMissingVariable: false }]);
  }
}
