import type { RegistryContent } from '../../oci/registry-content.ts';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { registryContent } from './registry-content.ts';
import { isPassword, layerOf } from './signatures.ts';

/** What a server needs to let docker clients and layer URLs reach the registry. */
export interface RegistryDoor {
  /** as image references name it: `<account>.dkr.ecr.<region>.amazonaws.com` */
  host: string;
  content: RegistryContent;
  /** Whether GetAuthorizationToken gave it out within the last 12 hours. */
  isPassword: (password: string) => boolean;
  /** The bytes behind a layer's URL; undefined when its signature does not hold, or no longer. */
  layer: (url: URL) => Buffer | undefined;
  /** Says where layers can be fetched; URLs given out from then on tell it. */
  servedAt: (url: string) => void;
}

export const registryDoor = (fleet: Fleet, putImage: Operation): RegistryDoor => {
  const content = registryContent(fleet, putImage);
  return {
    host: fleet.registry.host,
    content,
    isPassword: (password) => isPassword(fleet, password),
    layer: (url) => {
      const found = layerOf(fleet, url);
      return found && content.blob(found.repository, found.digest);
    },
    servedAt: (url) => {
      fleet.registry.url = url;
    },
  };
};
