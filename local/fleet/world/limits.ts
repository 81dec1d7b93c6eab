import type { ServiceRecord } from './records.ts';

/** How many tasks a service may have at most and must have healthy at least while it is rolled out (ECS API, DeploymentConfiguration). */
export const limitsOf = ({ desired, deploymentConfiguration }: ServiceRecord): { most: number; least: number } => {
  const { maximumPercent = 200, minimumHealthyPercent = 100 } = deploymentConfiguration;
  return {
    most: Math.floor((desired * maximumPercent) / 100),
    least: Math.ceil((desired * minimumHealthyPercent) / 100),
  };
};
