import type { BlueGreen } from '../../lib/domain/blue-green.ts';
import type { Target } from '../../lib/domain/target.ts';
import type { ScalingSeed } from '../../local/fleet/scaling-seeds.ts';
import type { ServiceSeed, ServiceSeeded } from '../../local/fleet/seeds.ts';
import { standingOf, weightsIn } from './death-matrix/standing.ts';
import { registry, target } from './samples.ts';
import { idleAnswers, putTestRule, startTestUrl, type TestUrl } from './test-url.ts';
import { repository, startWorkflowWorld, type WorkflowWorld } from './workflow-world.ts';

/** A workflow world with two colours behind one rule: `web` with all traffic, `web-green` retired, or not there yet. */
export interface SwapWorld extends WorkflowWorld {
  /** the rule's colours: the live one's target group first */
  groups: readonly [string, string];
  green: ServiceSeeded | undefined;
  /** the test URL, which a rule leads to `web`'s group; where the world has one, the target names both */
  test?: TestUrl & { rule: string };
  /** a target that swaps them */
  swapTarget(change?: Partial<BlueGreen> & { timeoutMinutes?: number }): Target;
  /** Makes it the one target. */
  aim(change?: Partial<BlueGreen> & { timeoutMinutes?: number }): void;
  /** weights of `web` and of `web-green` */
  weights(): readonly number[];
  /** A person's change of the weights. */
  divide(web: number, green: number): void;
  /** desired counts of `web` and of `web-green` */
  sizes(): number[];
  /** how the colours stand, in `standingOf`'s words, as this execution's swap is concerned */
  standing(execution: string): string;
  /** Acts once, so many seconds after green first has this weight. */
  atWeight(weight: number, act: () => void, seconds?: number): void;
}

export interface SwapWorldOptions {
  live?: Partial<ServiceSeed>;
  /** `missing`: the idle service is yet to be created, into a spare target group */
  idle?: Partial<ServiceSeed> | 'missing';
  /** whether Application Auto Scaling knows both */
  scaled?: boolean;
  /** whether there is a test URL with its rule */
  tested?: boolean;
}

export const liveBounds: ScalingSeed = { min: 2, max: 6, policies: [{ name: 'cpu', tracks: 'cpu' }] };
/** As an earlier swap left them. */
export const retiredBounds: ScalingSeed = {
  ...liveBounds,
  min: 0,
  suspended: { scaleIn: true, scaleOut: true, scheduled: true },
};

export const idleSeed = (more: Partial<ServiceSeed>): ServiceSeed => ({
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

const swapOf = (ruleArn: string, targetGroups: readonly [string, string]): BlueGreen => ({
  production: { kind: 'rule', arn: ruleArn },
  targetGroups,
  idleService: 'web-green',
  steps: [
    { weight: 10, minutes: 2 },
    { weight: 100, minutes: 2 },
  ],
  alarms: [],
  retire: 'scale-to-zero',
});

const requestsPerSecond = 5;

type Colours = WorkflowWorld & Pick<SwapWorld, 'groups' | 'green' | 'test'>;

const startColours = async ({
  live = {},
  idle = {},
  scaled = false,
  tested = false,
}: SwapWorldOptions): Promise<Colours> => {
  const spare = idle === 'missing' ? { spareTargetGroup: true } : {};
  const [ofLive, ofIdle] = scaled ? [{ scaling: liveBounds }, { scaling: retiredBounds }] : [{}, {}];
  const parts = await startWorkflowWorld({ ...spare, ...ofLive, ...live });
  parts.traffic.perSecond = requestsPerSecond;
  const green = idle === 'missing' ? undefined : parts.world.putService(idleSeed({ ...ofIdle, ...idle }));
  const [own = '', other = ''] = (green ?? parts.service).colourGroupArns;
  const groups = [own, other] as const;
  if (!tested) return { ...parts, green, groups };
  const rule = putTestRule(parts.world, parts.service, groups);
  return { ...parts, green, groups, test: { ...(await startTestUrl(parts.world, parts.service)), rule } };
};

/** What tests do to the two colours, and read of them. */
const hands = (parts: Colours) => {
  const { world, service, groups, test, journal, eachSecond } = parts;
  const testRule = test === undefined ? {} : { testRule: test.rule };
  const weights = () => weightsIn(parts, service.ruleArn);
  const sizeOf = (name: string): number => {
    try {
      return world.serviceView('prod', name).desired;
    } catch {
      return 0;
    }
  };
  return {
    weights,
    divide: (...shares: [number, number]): void => {
      const TargetGroups = groups.map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: shares[index] }));
      const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
      world.operations.elbv2['ModifyRule']?.({ RuleArn: service.ruleArn, Actions });
    },
    sizes: () => ['web', 'web-green'].map(sizeOf),
    standing: (execution: string) => standingOf(parts, testRule, journal.records.get(execution)),
    atWeight: (weight: number, act: () => void, seconds = 5): void => {
      let left = seconds;
      eachSecond(() => {
        if (left < 0 || (left === seconds && weights()[1] !== weight)) return;
        left -= 1;
        if (left < 0) act();
      });
    },
  };
};

export const startSwapWorld = async (options: SwapWorldOptions = {}): Promise<SwapWorld> => {
  const parts = await startColours(options);
  const swapTarget: SwapWorld['swapTarget'] = ({ timeoutMinutes = 30, ...change } = {}) => {
    const { test } = parts;
    const tested =
      test === undefined ? {} : { test: { url: test.url, status: 200, text: idleAnswers, rule: test.rule } };
    const swap = { ...swapOf(parts.service.ruleArn, parts.groups), ...tested, ...change };
    return target({ strategy: { type: 'blue-green', timeoutMinutes, swap } });
  };
  const aim: SwapWorld['aim'] = (change) => void parts.targets.splice(0, parts.targets.length, swapTarget(change));
  aim();
  const close = async (): Promise<void> => {
    await parts.test?.close();
    await parts.close();
  };
  return { ...parts, ...hands(parts), swapTarget, aim, close };
};
