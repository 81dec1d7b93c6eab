import type { Task as TaskShape } from '@aws-sdk/client-ecs';
import type { ServiceRecord } from '../world/records.ts';

/** What only Fargate tasks have, whether by launch type or by capacity provider. */
export const fargate = ({
  settings,
  revisionSettings,
}: ServiceRecord): Pick<TaskShape, 'platformVersion' | 'platformFamily'> => {
  const { launchType, capacityProviderStrategy = [] } = settings;
  const isFargate =
    launchType === 'FARGATE' ||
    capacityProviderStrategy.some(({ capacityProvider }) => capacityProvider?.startsWith('FARGATE'));
  return isFargate ? { platformVersion: revisionSettings.platformVersion ?? '1.4.0', platformFamily: 'Linux' } : {};
};
