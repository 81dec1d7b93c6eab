import { createHmac } from 'node:crypto';
import type { Fleet } from '../world/fleet.ts';
import { SECOND } from '../world/fleet.ts';

const TWELVE_HOURS = 12 * 3600 * SECOND;

/** Seals a text until a time, both of which can be read from it. Only the registry that sealed it knows it again. */
const sealed = ({ registry }: Fleet, text: string, until: number): string =>
  `${String(until)}-${createHmac('sha256', registry.key)
    .update(`${text} ${String(until)}`)
    .digest('hex')}`;

const isSealed = (fleet: Fleet, text: string, seal: string): boolean => {
  const until = Number(seal.split('-')[0]);
  return until > fleet.clock.now() && seal === sealed(fleet, text, until);
};

/** A password for docker clients, under the user name AWS. */
export const newPassword = (fleet: Fleet): { password: string; expiresAt: Date } => {
  const until = fleet.clock.now() + TWELVE_HOURS;
  return { password: sealed(fleet, 'login', until), expiresAt: new Date(until) };
};

export const isPassword = (fleet: Fleet, password: string): boolean => isSealed(fleet, 'login', password);

export const LAYERS_PATH = '/_layers/';

/** Where a layer's bytes are for one hour, for whoever knows the URL: on AWS a signed URL of S3. */
export const layerUrl = (fleet: Fleet, repository: string, digest: string): string => {
  const path = `${LAYERS_PATH}${repository}/${digest}`;
  return `${fleet.registry.url}${path}?signature=${sealed(fleet, path, fleet.clock.now() + 3600 * SECOND)}`;
};

/** The layer that such a URL names; undefined when its signature does not hold, or no longer. */
export const layerOf = (fleet: Fleet, url: URL): { repository: string; digest: string } | undefined => {
  if (!isSealed(fleet, url.pathname, url.searchParams.get('signature') ?? '')) return undefined;
  const [, repository = '', digest = ''] = /^\/_layers\/(.+)\/([^/]+)$/.exec(url.pathname) ?? [];
  return { repository, digest };
};
