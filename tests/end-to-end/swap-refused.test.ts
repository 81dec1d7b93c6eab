import { executionEnd, fleet, healthy, journalled, rehearsed, type Scene } from '../support/deployed.ts';
import { colourScene, divideByHand, scaled, type Colours, type Swap } from '../support/deployed-colours.ts';
import type { FleetCall, ServiceSeed } from '../../local/fleet/seeds.ts';

/** Swaps that are refused before anything is written. */

const atOnce: Swap = { steps: [{ weight: 100 }], bake_minutes: 1, timeout_minutes: 10 };

interface Refusal {
  failure: string;
  because: RegExp;
  /** how the colours come to be so */
  prepare: (scene: Scene, colours: Colours) => Promise<unknown>;
  service?: Partial<ServiceSeed>;
}

/** Another group than the target's second, which speaks on another port, is in the rule and in the target. */
const otherPort = async (scene: Scene, { groups: [own], point, putTarget }: Colours): Promise<void> => {
  const elb = (operation: string, input: object) =>
    fleet.call({ service: 'elbv2', operation, caller: 'a-colleague', input: { ...input } });
  const { TargetGroups: [like] = [] } = (await elb('DescribeTargetGroups', { TargetGroupArns: [own] })) as {
    TargetGroups?: { Port: number; Protocol: string; VpcId: string; TargetType: string }[];
  };
  const made = {
    Name: `${scene.name}-odd`,
    Protocol: like?.Protocol,
    VpcId: like?.VpcId,
    TargetType: like?.TargetType,
  };
  const { TargetGroups: [odd] = [] } = (await elb('CreateTargetGroup', { ...made, Port: (like?.Port ?? 0) + 1 })) as {
    TargetGroups?: { TargetGroupArn: string }[];
  };
  const groups = [own, odd?.TargetGroupArn ?? ''] as const;
  await divideByHand({ point, groups }, [1, 0]);
  await putTarget({ ...atOnce, target_groups: groups });
};

const refusals: [string, Refusal][] = [
  [
    'both-live',
    {
      failure: 'AmbiguousTraffic',
      because: /both target groups traffic/,
      prepare: (_scene, colours) => divideByHand(colours, [50, 50]),
      // Users of the retired one would be refused.
      service: { desiredCount: 2 },
    },
  ],
  ['unlike', { failure: 'ColoursMismatch', because: /port/i, prepare: otherPort }],
  [
    'unscaled',
    {
      failure: 'ScalingMissing',
      because: /scaling policy/,
      prepare: async (scene) => {
        const resource = `service/govcloud-ml-platform-ecs-cluster/${scene.name}`;
        const what = { ServiceNamespace: 'ecs', ResourceId: resource, ScalableDimension: 'ecs:service:DesiredCount' };
        const tracking = {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
        };
        const policy = { PolicyName: 'memory', PolicyType: 'TargetTrackingScaling' };
        await fleet.call({
          service: 'application-autoscaling',
          operation: 'PutScalingPolicy',
          caller: 'a-colleague',
          input: { ...what, ...policy, TargetTrackingScalingPolicyConfiguration: { ...tracking, TargetValue: 50 } },
        });
      },
      service: scaled,
    },
  ],
];

/** Our calls since then that could change something of the scene. */
const writesOf = async (since: number, parts: readonly string[]): Promise<FleetCall[]> =>
  (await fleet.calls({ since })).filter(
    ({ caller, operation, input }) =>
      !['a-colleague', 'somebody-else'].includes(caller) &&
      !/^(Describe|List|Get|Batch)/.test(operation) &&
      parts.some((part) => JSON.stringify(input).includes(part)),
  );

for (const [name, { failure, because, prepare, service = {} }] of refusals)
  rehearsed(
    `colours that are ${name} are refused before any write: ${failure}`,
    name,
    async (scene) => {
      const colours = await colourScene(scene, atOnce);
      await prepare(scene, colours);
      const since = (await fleet.calls()).at(-1)?.number ?? 0;
      const before = await colours.standing();
      const { execution } = await scene.release(healthy);
      const end = await executionEnd(execution);
      expect(end).toMatchObject({ status: 'FAILED', error: failure });
      expect(end.cause).toMatch(because);
      expect(await journalled(execution)).toMatchObject({ end: { outcome: 'failed', failure } });
      expect(await journalled(execution)).not.toHaveProperty('found');
      expect(await writesOf(since, [name, ...colours.groups])).toEqual([]);
      expect(await colours.standing()).toEqual(before);
    },
    { service, beside: true, ...(name === 'both-live' ? { trafficMayFail: true } : {}) },
  );
