import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { newPassword } from './signatures.ts';

export const getAuthorizationToken =
  (fleet: Fleet): Operation =>
  () => {
    const { password, expiresAt } = newPassword(fleet);
    const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
    return { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `https://${fleet.registry.host}` }] };
  };
