import { readSurface } from '../../surface/read-surface.ts';
import type { Surface } from '../../surface/surface.ts';
import type { OpenedTarget } from './opened-target.ts';

/** What clients see of an opened target. */
export function surfaceIn({ provider, apis }: Pick<OpenedTarget, 'provider' | 'apis'>): Promise<Surface> {
  const models = apis.map(({ api }) => api.model);
  return readSurface(provider, models);
}
