import type { DeploymentConfiguration, DeploymentController, LoadBalancer } from '@aws-sdk/client-ecs';
import type { ServiceDeployments } from '../seeds.ts';
import { soundAlarm } from './alarms.ts';
import type { Fleet } from './fleet.ts';
import type { ServiceRecord } from './records.ts';
import { liveTasks } from './task-health.ts';
import { containerExited } from './tasks.ts';

type Change = (service: ServiceRecord, value: unknown, fleet: Fleet) => void;

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
  /** the name of an alarm that the service watches: it goes off now */
  alarm: (service, value, fleet) => {
    soundAlarm(fleet, service, String(value));
  },
  /** an exit code: with it the first container of the task that has run for the longest ends, by itself */
  exit: (service, value, fleet) => {
    const task = liveTasks(fleet, service).find(({ status }) => status === 'RUNNING');
    const [container] = task?.containers ?? [];
    if (task === undefined || container === undefined) throw new Error('exit: no task runs');
    containerExited(fleet, { task, container }, Number(value));
  },
  /** seconds that reads of the service lag behind from now on */
  readsLag: (service, value) => {
    if (typeof value !== 'number' || !(value >= 0)) throw new Error('readsLag: seconds');
    service.readsLag = value;
  },
  serviceDeployments: (service, value) => {
    const known = SERVICE_DEPLOYMENTS.find((one) => one === value);
    if (known === undefined) throw new Error(`serviceDeployments: ${SERVICE_DEPLOYMENTS.join(', ')}`);
    service.serviceDeployments = known;
  },
};

const SERVICE_DEPLOYMENTS: readonly ServiceDeployments[] = ['supported', 'unsupported', 'absent'];

/** Changes the service without any AWS call, and without a deployment. Throws on a name it does not know. */
export const tweakService = (fleet: Fleet, service: ServiceRecord, change: Record<string, unknown>): void => {
  for (const [name, value] of Object.entries(change)) {
    const apply = CHANGES[name];
    if (apply === undefined) throw new Error(`No tweak is named ${name}; known: ${Object.keys(CHANGES).join(', ')}`);
    apply(service, value, fleet);
  }
  fleet.wake(service);
};
