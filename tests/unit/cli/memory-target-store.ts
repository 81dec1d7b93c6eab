import type { TargetStore } from '../../../cli/target-store.ts';
import type { StackBounds } from '../../../lib/domain/stack-bounds.ts';

/** What the deployed stack of the seed's names may touch. */
export const bounds: StackBounds = {
  partition: 'aws-us-gov',
  region: 'us-gov-west-1',
  account: '123456789012',
  services: ['arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/govcloud-ml-platform-ecs-cluster/*'],
  repositories: ['arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/govcloud-ml-platform-ml-workload'],
  listenerRules: [
    'arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:listener-rule/app/govcloud-ml-platform-alb/*',
  ],
  mayDelete: false,
};

export const registry = '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com';

/** A target's document that waits for pushed images, as ops write it. */
export const imageDocument = (repository: string) => ({
  on: { image: { repository, tag: 'v*' } },
  ecr_repository: 'govcloud-ml-platform-ml-workload',
  cluster: 'govcloud-ml-platform-ecs-cluster',
  service: 'govcloud-ml-platform-ml-service',
  containers: ['ml-container'],
  strategy: { type: 'rolling' },
});

/** A target's document as ops write it. */
export const document = {
  on: { pipeline: { ref: 'main' } },
  image: `${registry}/govcloud-ml-platform-ml-workload:{sha}`,
  cluster: 'govcloud-ml-platform-ecs-cluster',
  service: 'govcloud-ml-platform-ml-service',
  containers: ['ml-container'],
  strategy: { type: 'rolling', timeout_minutes: 30 },
};

const elb = 'arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012';
export const ruleOf = (balancer: string): string => `${elb}:listener-rule/app/${balancer}/1111/2222/3333`;

/** A strategy that swaps colours, as ops write it. */
export const blueGreenStrategy = {
  type: 'blue-green',
  listener_rule: ruleOf('govcloud-ml-platform-alb'),
  target_groups: [`${elb}:targetgroup/blue/1111`, `${elb}:targetgroup/green/2222`],
};

export interface MemoryTargetStore extends TargetStore {
  /** each write, in order */
  writes: string[];
  /** the repository index, by a repository's key */
  index: Map<string, readonly number[] | undefined>;
}

/** A stage's targets in memory. `refuse`: the target's name, or the entry's key, whose write is refused. */
export const memoryTargetStore = ({ refuse }: { refuse?: string } = {}): MemoryTargetStore => {
  const index: MemoryTargetStore['index'] = new Map();
  const refused = () => Promise.reject(new Error('not authorized to perform ssm:PutParameter'));
  const stored = new Map<number, Map<string, string>>();
  const writes: string[] = [];
  return {
    writes,
    index,
    bounds: () => Promise.resolve(bounds),
    documents: (project) => Promise.resolve(new Map(stored.get(project))),
    write: ({ project, name }, text) => {
      if (name === refuse) return refused();
      writes.push(`${project}/${name}`);
      stored.set(project, new Map(stored.get(project)).set(name, text));
      return Promise.resolve();
    },
    entries: () => Promise.resolve(new Map(index)),
    writeEntry: (key, projects) => {
      if (key === refuse) return refused();
      writes.push(key);
      index.set(key, projects);
      return Promise.resolve();
    },
  };
};

/** Files in memory, by name. */
export const filesOf =
  (files: Record<string, unknown>) =>
  (path: string): Promise<string> => {
    const file = files[path];
    if (file === undefined) return Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
    return Promise.resolve(typeof file === 'string' ? file : JSON.stringify(file));
  };
