import type {
  DescribeServiceDeploymentsResponse,
  DescribeServicesResponse,
  DescribeTasksResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  Service,
  ServiceDeployment,
  Task,
} from '@aws-sdk/client-ecs';
import { virtualClock } from '../../../local/clock.ts';
import type { VirtualClock } from '../../../local/clock.ts';
import type { Input, ServiceName } from '../../../local/fleet/operation.ts';
import { AwsError } from '../../../local/fleet/operation.ts';
import type {
  ImageBehaviour,
  ServiceSeed,
  ServiceSeeded,
  ServiceView,
  WorldDefaults,
} from '../../../local/fleet/seeds.ts';
import type { World } from '../../../local/fleet/world/world.ts';
import { createWorld } from '../../../local/fleet/world/world.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';
export const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
export const HEALTHY: ImageBehaviour = { does: 'become healthy', after: 5 };
export const BREAKER = { enable: true, rollback: true };

/** A world on a virtual clock with one service `web` in cluster `shop`, image web:1, and what tests do to it. */
export interface Rehearsed {
  clock: VirtualClock;
  world: World;
  seeded: ServiceSeeded;
  call: (service: ServiceName, operation: string, input?: Input) => Record<string, unknown>;
  /** The code of the error that the call raises. */
  refusal: (service: ServiceName, operation: string, input?: Input) => { code: string; message: string };
  service: () => Service;
  view: () => ServiceView;
  deployments: () => ServiceDeployment[];
  tasks: (desiredStatus?: 'RUNNING' | 'STOPPED') => Task[];
  /** Registers a revision with this image and tells its ARN. */
  register: (image: string, more?: Partial<RegisterTaskDefinitionRequest>) => string;
  /** Puts an image of this tag that behaves so, registers it and updates the service to it. Tells the new revision. */
  deploy: (tag: string, behaviour?: ImageBehaviour) => string;
  /** Moves time on, second by second, until the condition holds; fails the test when it does not within the limit. Tells the seconds. */
  until: (what: string, holds: () => boolean, each?: () => void) => number;
  stable: () => boolean;
}

const LIMIT = 1800;

export const rehearsed = (more: Partial<ServiceSeed> = {}, seed = 1, defaults: WorldDefaults = {}): Rehearsed => {
  const clock = virtualClock();
  const world = createWorld({ clock, region: REGION, account: ACCOUNT, seed, ...defaults });
  world.putImage({ repository: 'web', tag: '1', behaviour: HEALTHY });
  const containers = [{ name: 'app', image: `${HOST}/web:1` }];
  const seeded = world.putService({
    cluster: 'shop',
    service: 'web',
    family: 'web',
    desiredCount: 2,
    containers,
    ...more,
  });
  const call: Rehearsed['call'] = (service, operation, input = {}) => {
    const run = world.operations[service][operation];
    if (run === undefined) throw new Error(`No operation ${operation}`);
    return run(input);
  };
  const reads = readsOf(call);
  const register: Rehearsed['register'] = (image, changes = {}) => registered(call, image, changes);
  return {
    clock,
    world,
    seeded,
    call,
    ...reads,
    register,
    refusal: (service, operation, input) => refusalOf(() => call(service, operation, input)),
    view: () => world.serviceView('shop', 'web'),
    deploy: (tag, behaviour = HEALTHY) => {
      world.putImage({ repository: 'web', tag, behaviour });
      const taskDefinition = register(`${HOST}/web:${tag}`);
      call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
      return taskDefinition;
    },
    until: (what, holds, each) => {
      for (let second = 0; second < LIMIT; second += 1) {
        if (holds()) return second;
        clock.advance(1000);
        each?.();
      }
      throw new Error(
        `not within ${LIMIT} s: ${what}; last seen ${JSON.stringify(world.serviceView('shop', 'web'), null, 1)}`,
      );
    },
  };
};

const readsOf = (call: Rehearsed['call']): Pick<Rehearsed, 'service' | 'deployments' | 'tasks' | 'stable'> => {
  const service = (): Service => {
    const answer: DescribeServicesResponse = call('ecs', 'DescribeServices', { cluster: 'shop', services: ['web'] });
    const [found] = answer.services ?? [];
    if (found === undefined) throw new Error('the service is not there');
    return found;
  };
  return {
    service,
    deployments: () => {
      const { serviceDeployments } = call('ecs', 'ListServiceDeployments', { cluster: 'shop', service: 'web' });
      const serviceDeploymentArns = (serviceDeployments as ServiceDeployment[]).map(
        (each) => each.serviceDeploymentArn,
      );
      const answer: DescribeServiceDeploymentsResponse = call('ecs', 'DescribeServiceDeployments', {
        serviceDeploymentArns,
      });
      return answer.serviceDeployments ?? [];
    },
    tasks: (desiredStatus = 'RUNNING') => {
      const { taskArns } = call('ecs', 'ListTasks', { cluster: 'shop', serviceName: 'web', desiredStatus });
      if ((taskArns as string[]).length === 0) return [];
      const answer: DescribeTasksResponse = call('ecs', 'DescribeTasks', { cluster: 'shop', tasks: taskArns });
      return answer.tasks ?? [];
    },
    // As the services_stable waiter of botocore and the SDKs has it.
    stable: () => service().deployments?.length === 1 && service().runningCount === service().desiredCount,
  };
};

const registered = (call: Rehearsed['call'], image: string, more: Partial<RegisterTaskDefinitionRequest>): string => {
  const answer: RegisterTaskDefinitionResponse = call('ecs', 'RegisterTaskDefinition', {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
    containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }] }],
    ...more,
  });
  return answer.taskDefinition?.taskDefinitionArn ?? '';
};

const refusalOf = (act: () => unknown): { code: string; message: string } => {
  try {
    act();
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('the call was not refused');
};
