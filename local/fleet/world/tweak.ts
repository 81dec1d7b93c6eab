import type { DeploymentConfiguration, DeploymentController, LoadBalancer } from '@aws-sdk/client-ecs';
import type { Fleet } from './fleet.ts';
import type { ServiceRecord } from './records.ts';

type Change = (service: ServiceRecord, value: unknown) => void;

/** What only somebody outside can do to a service, by name. */
const CHANGES: Record<string, Change> = {
  deploymentController: (service, value) => {
    service.settings = { ...service.settings, deploymentController: value as DeploymentController };
  },
  desiredCount: (service, value) => {
    service.desired = Number(value);
  },
  deploymentConfiguration: (service, value) => {
    service.deploymentConfiguration = { ...service.deploymentConfiguration, ...(value as DeploymentConfiguration) };
  },
  loadBalancers: (service, value) => {
    service.revisionSettings = { ...service.revisionSettings, loadBalancers: value as LoadBalancer[] };
  },
  healthCheckGracePeriodSeconds: (service, value) => {
    service.settings = { ...service.settings, healthCheckGracePeriodSeconds: Number(value) };
  },
  /** true: nothing counts as completed any more, so that a circuit breaker that trips has nothing to go back to */
  stallBreaker: (service, value) => {
    if (value === true) service.lastCompleted = undefined;
  },
  serviceDeployments: (service, value) => {
    if (value !== 'supported' && value !== 'unsupported')
      throw new Error('serviceDeployments: supported or unsupported');
    service.serviceDeployments = value;
  },
};

/** Changes the service without any AWS call, and without a deployment. Throws on a name it does not know. */
export const tweakService = (fleet: Fleet, service: ServiceRecord, change: Record<string, unknown>): void => {
  for (const [name, value] of Object.entries(change)) {
    const apply = CHANGES[name];
    if (apply === undefined) throw new Error(`No tweak is named ${name}; known: ${Object.keys(CHANGES).join(', ')}`);
    apply(service, value);
  }
  fleet.wake(service);
};
