import type { BlueGreen } from '../../lib/domain/blue-green.ts';
import type { Target } from '../../lib/domain/target.ts';
import type { ServiceSeed, ServiceSeeded } from '../../local/fleet/seeds.ts';
import { registry, target } from './samples.ts';
import { repository, startWorkflowWorld, type WorkflowWorld } from './workflow-world.ts';

/** A workflow world with two colours behind one rule: `web` with all traffic, `web-green` retired, or not there yet. */
export interface SwapWorld extends WorkflowWorld {
  /** the rule's colours: the live one's target group first */
  groups: readonly [string, string];
  green: ServiceSeeded | undefined;
  /** a target that swaps them */
  swapTarget(change?: Partial<BlueGreen> & { timeoutMinutes?: number }): Target;
}

export interface SwapWorldOptions {
  live?: Partial<ServiceSeed>;
  /** `missing`: the idle service is yet to be created, into a spare target group */
  idle?: Partial<ServiceSeed> | 'missing';
}

const idleSeed = (more: Partial<ServiceSeed>): ServiceSeed => ({
  cluster: 'prod',
  service: 'web-green',
  family: 'web',
  containers: [
    { name: 'app', image: `${registry}/${repository}:first` },
    { name: 'proxy', image: `${registry}/${repository}:first` },
  ],
  desiredCount: 0,
  circuitBreaker: { enable: true, rollback: true },
  colourOf: 'web',
  ...more,
});

export const startSwapWorld = async ({ live = {}, idle = {} }: SwapWorldOptions = {}): Promise<SwapWorld> => {
  const spare = idle === 'missing' ? { spareTargetGroup: true } : {};
  const parts = await startWorkflowWorld({ ...spare, ...live });
  const green = idle === 'missing' ? undefined : parts.world.putService(idleSeed(idle));
  const [own = '', other = ''] = (green ?? parts.service).colourGroupArns;
  const groups = [own, other] as const;
  return {
    ...parts,
    groups,
    green,
    swapTarget: ({ timeoutMinutes = 30, ...change } = {}) =>
      target({
        strategy: {
          type: 'blue-green',
          timeoutMinutes,
          swap: {
            production: { kind: 'rule', arn: parts.service.ruleArn },
            targetGroups: groups,
            idleService: 'web-green',
            steps: [
              { weight: 10, minutes: 2 },
              { weight: 100, minutes: 2 },
            ],
            alarms: [],
            retire: 'scale-to-zero',
            ...change,
          },
        },
      }),
  };
};
