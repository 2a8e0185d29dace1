import { useEffect, useState } from 'preact/hooks';

export const VIEWS = ['operations', 'resources', 'prompts', 'budget', 'graph', 'traffic', 'problems'] as const;
export type View = (typeof VIEWS)[number];

/** Where the page is: a view, and the item that is selected in it. */
export interface Route {
  readonly view: View;
  readonly item?: string;
}

export const linkTo = (view: View, item?: string): string =>
  item === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(item)}`;

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const update = () => {
      // Other fragments are places on the page.
      if (location.hash === '' || location.hash.startsWith('#/')) setRoute(routeOf(location.hash));
    };
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return route;
}

export function routeOf(hash: string): Route {
  const [, name = '', item] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? [];
  const view = VIEWS.find((each) => each === name) ?? 'operations';
  return item === undefined ? { view } : { view, item: decoded(item) };
}

function decoded(item: string): string {
  try {
    return decodeURIComponent(item);
  } catch {
    return item;
  }
}
