import { serviceLabel, type ServiceName } from '../../lib/domain/deployment.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { revisionName, type Revision } from '../../lib/domain/revision.ts';
import type { Rollout, ServiceDeployment, ServiceState, StoppedTask } from '../../lib/domain/rollout.ts';
import type { Fleet } from '../../lib/ports/fleet.ts';
import { revision, revisionArn, service, serviceDeploymentArn, serviceName } from './samples.ts';

/** ECS as a test scripts it: nothing moves by itself. */
export interface MemoryFleet extends Fleet {
  services: Map<string, ServiceState>;
  revisions: Map<string, Revision>;
  records: Map<string, ServiceDeployment>;
  /** each write, in order: `register web:8`, `update prod/web web:8` (with ` × 2`: and resized), `resize prod/web 0`, `remove prod/web` */
  writes: string[];
  /** private addresses of running tasks, by rollout id */
  tasks: Map<string, string[]>;
  /** by rollout id too */
  stoppedTasks: Map<string, StoppedTask[]>;
  /** Changes the service as ECS, autoscaling or somebody else would. */
  change(change: (state: ServiceState) => Partial<ServiceState>, name?: ServiceName): void;
  /** Changes the rollout in front. */
  front(change: Partial<Rollout>, name?: ServiceName): void;
}

const absent = () => new DeployFailure('AwsRefused', 'DescribeTaskDefinition: ClientException');

/** One service at rest on revision 7 of family web, unless the test puts others in. */
export const memoryFleet = (): MemoryFleet => {
  const services = new Map([[serviceLabel(serviceName), service()]]);
  const revisions = new Map([[revisionArn(7), revision(7)]]);
  const records = new Map<string, ServiceDeployment>();
  const writes: string[] = [];
  const tasks = new Map<string, string[]>();
  const stoppedTasks = new Map<string, StoppedTask[]>();
  let nextRollout = 2;

  const change: MemoryFleet['change'] = (act, name = serviceName) => {
    const state = services.get(serviceLabel(name));
    if (state !== undefined) services.set(serviceLabel(name), { ...state, ...act(state) });
  };

  const front: MemoryFleet['front'] = (part, name = serviceName) => {
    change(({ rollouts: [first, ...others] }) => ({ rollouts: first ? [{ ...first, ...part }, ...others] : [] }), name);
  };

  const revisionOf = (arn: string): Revision => {
    const known = revisions.get(arn);
    if (known === undefined) throw absent();
    return structuredClone(known);
  };

  const present = (name: ServiceName, operation: string): ServiceState => {
    const state = services.get(serviceLabel(name));
    if (state === undefined) throw new DeployFailure('AwsRefused', `${operation}: ServiceNotFoundException`);
    return state;
  };

  /** A new rollout in front of the others, which are on their way out. An unchanged revision starts nothing. */
  const start = (state: ServiceState, arn: string): Partial<ServiceState> => {
    if (state.revision === arn) return {};
    const id = `ecs-svc/${nextRollout}`;
    const fresh: Rollout = {
      id,
      status: 'PRIMARY',
      state: 'IN_PROGRESS',
      reason: `ECS deployment ${id} in progress.`,
      revision: arn,
      desired: state.desired,
      running: 0,
      pending: state.desired,
      failed: 0,
    };
    const serviceDeployment = serviceDeploymentArn(String(nextRollout));
    records.set(serviceDeployment, { arn: serviceDeployment, status: 'IN_PROGRESS', reason: '' });
    nextRollout += 1;
    const others = state.rollouts.map((rollout) => ({ ...rollout, status: 'ACTIVE' }));
    return { revision: arn, serviceDeployment, rollouts: [fresh, ...others] };
  };

  return {
    services,
    revisions,
    records,
    writes,
    tasks,
    stoppedTasks,
    change,
    front,
    service: async (name) => Promise.resolve(structuredClone(services.get(serviceLabel(name)))),
    serviceDeployment: async (arn) => Promise.resolve(records.get(arn)),
    revision: async (arn) => {
      await Promise.resolve();
      return revisionOf(arn);
    },
    newestRevisions: async (family) => {
      const active = [...revisions.values()].filter((one) => one.family === family && one.active);
      return Promise.resolve(
        active
          .sort((a, b) => b.number - a.number)
          .slice(0, 10)
          .map(({ arn }) => arn),
      );
    },
    register: async (definition, tags) => {
      const number = Math.max(0, ...[...revisions.values()].map((one) => one.number)) + 1;
      const arn = revisionArn(number);
      const described = { ...structuredClone(definition), taskDefinitionArn: arn, revision: number, status: 'ACTIVE' };
      revisions.set(arn, revision(number, { definition: described, tags: [...tags] }));
      writes.push(`register web:${number}`);
      return Promise.resolve(revisionOf(arn));
    },
    update: async (name, arn, desired) => {
      await Promise.resolve();
      const state = present(name, 'UpdateService');
      if (!revisionOf(arn).active) throw new DeployFailure('AwsRefused', 'UpdateService: InvalidParameterException');
      const { family, number } = revisionName(arn);
      const sized = desired === undefined ? '' : ` × ${desired}`;
      writes.push(`update ${serviceLabel(name)} ${family}:${number}${sized}`);
      const resized = { ...state, desired: desired ?? state.desired };
      const after = { ...resized, ...start(resized, arn) };
      services.set(serviceLabel(name), after);
      return structuredClone(after);
    },
    resize: async (name, desired) => {
      await Promise.resolve();
      services.set(serviceLabel(name), { ...present(name, 'UpdateService'), desired });
      writes.push(`resize ${serviceLabel(name)} ${desired}`);
    },
    remove: async (name) => {
      await Promise.resolve();
      services.set(serviceLabel(name), { ...present(name, 'DeleteService'), status: 'DRAINING' });
      writes.push(`remove ${serviceLabel(name)}`);
    },
    addresses: async (_name, rolloutId) => Promise.resolve(tasks.get(rolloutId) ?? []),
    stopped: async (_name, rolloutId) => Promise.resolve(stoppedTasks.get(rolloutId) ?? []),
  };
};
