import type { CreateServiceRequest, DeploymentConfiguration, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../operation.ts';
import { isInUse } from '../elbv2/balancer.ts';
import type { Fleet } from '../world/fleet.ts';
import type { RevisionSettings, ServiceSettings } from '../world/records.ts';

type Given = CreateServiceRequest | UpdateServiceRequest;

const REVISION_MEMBERS = [
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'networkConfiguration',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const;

const SETTING_MEMBERS = [
  'launchType',
  'capacityProviderStrategy',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'schedulingStrategy',
  'deploymentController',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'role',
] as const;

const pick = (given: Given, members: readonly string[]): object =>
  Object.fromEntries(
    Object.entries(given).filter(([member, value]) => members.includes(member) && value !== undefined),
  );

/** The members given that belong to a service revision: a change of one starts a deployment. */
export const revisionSettingsIn = (given: Given): RevisionSettings => pick(given, REVISION_MEMBERS);

/** The members given that are kept beside: a change of one starts nothing. */
export const settingsIn = (given: Given): ServiceSettings => pick(given, SETTING_MEMBERS);

/** This world rolls; it has no native blue/green, linear or canary, and says so as a region without them would. */
export const checkStrategy = ({ strategy }: DeploymentConfiguration): void => {
  if (strategy === undefined || strategy === 'ROLLING') return;
  throw new AwsError(
    'UnsupportedFeatureException',
    `The ${strategy} deployment strategy is not supported in this Region.`,
  );
};

/** Fewer tasks than the minimum can never be enough (ECS API, DeploymentEarlySuccessCriteria). */
export const checkEarlySuccess = (configuration: DeploymentConfiguration): void => {
  const { earlySuccessCriteria, minimumHealthyPercent = 100 } = configuration;
  if (earlySuccessCriteria?.enable !== true) return;
  const { healthyPercent, sourceServiceRevisionCleanup } = earlySuccessCriteria;
  const fits = healthyPercent !== undefined && healthyPercent >= minimumHealthyPercent && healthyPercent <= 100;
  if (fits && sourceServiceRevisionCleanup !== undefined) return;
  throw new AwsError(
    'InvalidParameterException',
    'earlySuccessCriteria needs a sourceServiceRevisionCleanup and a healthyPercent between minimumHealthyPercent and 100.',
  );
};

/** The instances decide how many daemons there are. */
export const checkDesiredCount = (
  { schedulingStrategy }: ServiceSettings,
  { desiredCount }: Pick<UpdateServiceRequest, 'desiredCount'>,
): void => {
  if (schedulingStrategy !== 'DAEMON' || desiredCount === undefined) return;
  throw new AwsError(
    'InvalidParameterException',
    'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
  );
};

/** A service's target groups must exist, and some listener must use them. */
export const checkLoadBalancers = ({ balancer }: Fleet, { loadBalancers = [] }: RevisionSettings): void => {
  for (const { targetGroupArn } of loadBalancers) {
    if (targetGroupArn === undefined) continue;
    if (!balancer.targetGroups.has(targetGroupArn)) {
      throw new AwsError('InvalidParameterException', `The specified target group does not exist: ${targetGroupArn}`);
    }
    if (isInUse(balancer, targetGroupArn)) continue;
    throw new AwsError(
      'InvalidParameterException',
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
};

/** What CreateService takes where the request says nothing. */
export const DEFAULT_DEPLOYMENT_CONFIGURATION: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
};
