import type { DescribeRulesOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DescribeScalableTargetsResponse } from '@aws-sdk/client-application-auto-scaling';
import type { ScalableTarget } from '../../../lib/domain/scaling.ts';
import { weightsOf, type Action } from '../../../lib/domain/traffic.ts';
import type { World } from '../../fleet/world/world.ts';
import { seedNames } from '../../seed-names.ts';
import { letterOf, type Scene } from '../scene.ts';
import type { Pair } from './pair.ts';
import { percent, type AlarmState, type ColourName, type ColourSight, type Sight } from './sight.ts';

const { cluster } = seedNames;

/** Percent of what the rule divides, of blue and of green. */
const sharesIn = ({ operations }: World, { groups }: Pair, rule: string): Record<ColourName, number> => {
  const { Rules = [] } = (operations.elbv2['DescribeRules']?.({ RuleArns: [rule] }) ?? {}) as DescribeRulesOutput;
  const weights = weightsOf((Rules[0]?.Actions ?? []) as unknown as Action[], groups) ?? {};
  const [blue = 0, green = 0] = groups.map((group) => weights[group]);
  return { blue: percent(blue, blue + green), green: percent(green, blue + green) };
};

const scalingOf = ({ operations }: World, service: string): ScalableTarget | undefined => {
  const described = operations['application-autoscaling']['DescribeScalableTargets']?.({
    ServiceNamespace: 'ecs',
    ResourceIds: [`service/${cluster}/${service}`],
  }) as DescribeScalableTargetsResponse | undefined;
  const target = described?.ScalableTargets?.[0];
  if (target === undefined) return undefined;
  const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState = {} } = target;
  return {
    ...{ min, max },
    suspended: {
      scaleIn: SuspendedState.DynamicScalingInSuspended ?? false,
      scaleOut: SuspendedState.DynamicScalingOutSuspended ?? false,
      scheduled: SuspendedState.ScheduledScalingSuspended ?? false,
    },
  };
};

/** What is so right now. Read in the world itself: asked over the wire ten times a second, it would be busy with that. */
export const lookAtPair = (world: World, { pair, scene }: { pair: Pair; scene: Scene }, alarm: AlarmState): Sight => {
  const [shares, testShares] = [sharesIn(world, pair, pair.ruleArn), sharesIn(world, pair, pair.testRuleArn)];
  const traffic = world.dataPlane.traffic();
  const colour = (name: ColourName): ColourSight => {
    const service = pair.services[name];
    const { rollouts, running, desired } = world.serviceView(cluster, service);
    const primary = rollouts.find(({ status }) => status === 'PRIMARY');
    return {
      ...{ running, desired, commit: letterOf(scene, primary?.images[0]) },
      weight: shares[name],
      testWeight: testShares[name],
      ...(traffic[service] ?? { requests: 0, failures: 0 }),
      scaling: scalingOf(world, service),
    };
  };
  return { at: Date.now(), alarm, blue: colour('blue'), green: colour('green') };
};
