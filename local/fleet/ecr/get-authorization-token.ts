import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { SECOND } from '../world/fleet.ts';
import { digestOf } from './manifest.ts';

const TWELVE_HOURS = 12 * 3600 * SECOND;

export const getAuthorizationToken =
  (fleet: Fleet): Operation =>
  () => ({
    authorizationData: [
      {
        authorizationToken: Buffer.from(
          `AWS:${digestOf(`token of ${fleet.clock.now()}`).slice('sha256:'.length)}`,
        ).toString('base64'),
        expiresAt: new Date(fleet.clock.now() + TWELVE_HOURS),
        proxyEndpoint: `https://${fleet.registry.host}`,
      },
    ],
  });
