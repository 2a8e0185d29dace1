import { messageOf } from '../runtime/errors.ts';
import type { Middleware } from '../runtime/middleware/middleware.ts';
import type { ListContext, Provider } from '../runtime/provider.ts';
import { listNow } from '../runtime/transforms/known-names.ts';
import { ConfigError, together } from './config-error.ts';
import type { ConfigValue } from './config-spec.ts';
import { MIDDLEWARE, type MiddlewareMeans, type PlacedMeans } from './middleware.ts';
import { TRANSFORMS } from './transforms.ts';

/** The middleware and transforms around a part, as in the file. */
export type AroundValue = Pick<ConfigValue, 'middleware' | 'transforms'>;

export interface AroundMeans extends MiddlewareMeans {
  /** The config file, for messages. */
  readonly path: string;
  /** The part's path in it: `apis.pets`; empty for the top level. */
  readonly at: string;
  /** Restricts what transforms make: they may give an item another name, and the next one another way to reach it. */
  readonly restrict?: (provider: Provider) => Provider | Promise<Provider>;
}

/**
 * Wraps a provider in transforms, in order. Lists it once, so that an error in a list is reported now and
 * not as an empty list to a client. A server that is down or takes more than five seconds is skipped, so that it does
 * not keep the others from starting.
 *
 * @throws ConfigError that names the transform whose options do not match the provider, or that breaks a list
 */
export async function withTransforms(
  provider: Provider,
  transforms: AroundValue['transforms'] = [],
  means: AroundMeans,
): Promise<Provider> {
  if (transforms.length === 0) return provider;
  const steps = [provider];
  for (const [index, transform] of transforms.entries()) {
    const before = steps[index] ?? provider;
    const make = () => (typeof transform === 'function' ? transform(before) : transformed(before, transform));
    const made = await told(means, `transforms[${index}]`, make);
    steps.push(means.restrict ? await means.restrict(made) : made);
  }
  if (await canBeListed(provider)) {
    for (const [index, step] of steps.slice(1).entries()) {
      await told(means, `transforms[${index}]`, () => Promise.all(LISTS.map((list) => list(step, { whole: true }))));
    }
  }
  return steps.at(-1) ?? provider;
}

const LISTS: readonly ((provider: Provider, context: ListContext) => Promise<readonly unknown[]>)[] = [
  (provider, context) => provider.listTools(context),
  (provider, context) => provider.listResources(context),
  (provider, context) => provider.listResourceTemplates(context),
  (provider, context) => provider.listPrompts(context),
];

async function canBeListed(provider: Provider): Promise<boolean> {
  const lists = await Promise.all(LISTS.map((list) => listNow((context) => list(provider, context))));
  return !lists.includes(undefined);
}

/** The middleware in a config, the first one outermost. @throws ConfigError with every invalid entry */
export function middlewareOf(middleware: AroundValue['middleware'] = [], means: AroundMeans): readonly Middleware[] {
  return together(
    means.path,
    middleware.map((each, index) => () => {
      try {
        const place = `middleware[${index}]`;
        const sharedAs = means.at === '' ? place : `${means.at}.${place}`;
        return typeof each === 'function' ? each : namedMiddleware(each, { ...means, sharedAs });
      } catch (error) {
        throw cannotBe(means, `middleware[${index}]`, error);
      }
    }),
  );
}

type TransformValue = Exclude<NonNullable<AroundValue['transforms']>[number], (...given: never[]) => unknown>;
type MiddlewareValue = Exclude<NonNullable<AroundValue['middleware']>[number], Middleware>;

/** Each kind takes the options that its own spec has read; the table's type loses that connection. */
interface AnyTransform {
  readonly make: (provider: Provider, options: unknown) => Provider | Promise<Provider>;
}
interface AnyMiddleware {
  readonly make: (options: unknown, means: PlacedMeans) => Middleware;
}

function transformed(provider: Provider, value: TransformValue): Provider | Promise<Provider> {
  const [name, options] = nameAndOptions(value);
  const kind = TRANSFORMS[name as keyof typeof TRANSFORMS] as AnyTransform;
  return kind.make(provider, options);
}

function namedMiddleware(value: MiddlewareValue, means: PlacedMeans): Middleware {
  const [name, options] = nameAndOptions(value);
  const kind = MIDDLEWARE[name as keyof typeof MIDDLEWARE] as AnyMiddleware;
  return kind.make(options, means);
}

/** A plain name has been normalised to an object. */
function nameAndOptions(value: string | object): readonly [name: string, options: unknown] {
  if (typeof value === 'string') return [value, {}];
  const [[name, options] = ['', {}]] = Object.entries(value);
  return [name, options];
}

async function told<T>(means: AroundMeans, place: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw cannotBe(means, place, error);
  }
}

function cannotBe({ path, at }: AroundMeans, place: string, error: unknown): ConfigError {
  const where = at === '' ? place : `${at}.${place}`;
  return new ConfigError(path, [{ path: where, message: `is invalid: ${messageOf(error)}`, isMissingVariable: false }]);
}
