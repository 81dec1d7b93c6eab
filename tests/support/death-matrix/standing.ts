import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { serviceName } from '../samples.ts';
import type { Parts } from '../workflow-world.ts';
import { inWords } from './in-words.ts';

/** How two colours stand, in words that do not say which is which: it is the same for every swap that ended well. */

type Weighed = readonly { TargetGroupArn: string; Weight: number }[];

interface Bounds {
  MinCapacity: number;
  MaxCapacity: number;
  SuspendedState: Record<string, boolean>;
}

/** The weights of a rule's groups, in its order. */
export const weightsIn = ({ world }: Parts, rule: string): number[] => {
  const { Rules } = world.operations.elbv2['DescribeRules']?.({ RuleArns: [rule] }) as {
    Rules: { Actions: { ForwardConfig: { TargetGroups: Weighed } }[] }[];
  };
  return (Rules[0]?.Actions[0]?.ForwardConfig.TargetGroups ?? []).map(({ Weight }) => Weight);
};

const suspendedIn = (bounds: Bounds): string =>
  ['DynamicScalingInSuspended', 'DynamicScalingOutSuspended', 'ScheduledScalingSuspended']
    .map((what) => (bounds.SuspendedState[what] === true ? '1' : '0'))
    .join('');

const boundsOf = ({ world }: Parts, service: string): string => {
  const ResourceIds = [`service/${serviceName.cluster}/${service}`];
  const asked = { ServiceNamespace: 'ecs', ResourceIds };
  const answer = world.operations['application-autoscaling']['DescribeScalableTargets']?.(asked);
  const [bounds] = (answer as { ScalableTargets: Bounds[] }).ScalableTargets;
  if (bounds === undefined) return 'without bounds';
  const seen = `${bounds.MinCapacity}-${bounds.MaxCapacity} ${suspendedIn(bounds)}`;
  const known: Record<string, string> = { '2-6 000': 'scaled', '2-6 101': 'held', '0-6 111': 'never scaled' };
  return known[seen] ?? seen;
};

const namesIn = ({ world }: Parts): string[] => {
  const { serviceArns } = world.operations.ecs['ListServices']?.({ cluster: serviceName.cluster }) as {
    serviceArns: string[];
  };
  return serviceArns.map((arn) => arn.split('/').at(-1) ?? '');
};

const sizeOf = (parts: Parts, service: string): string => {
  if (!namesIn(parts).includes(service)) return '0/0';
  const { desired, running } = parts.world.serviceView(serviceName.cluster, service);
  return `${desired}/${running}`;
};

const runs = (parts: Parts, service: string, record: DeploymentRecord | undefined): string => {
  if (!namesIn(parts).includes(service)) return 'nothing';
  const { rollouts } = parts.world.serviceView(serviceName.cluster, service);
  return inWords(rollouts, parts.service.taskDefinitionArn, record);
};

const colours = ['web', 'web-green'] as const;

/** Services that are neither colour's. */
export const orphansIn = (parts: Parts): string[] =>
  namesIn(parts).filter((name) => !(colours as readonly string[]).includes(name));

/** As `ours has all traffic with 2/2, scaled; the other 0/0, never scaled; test rule closed`. */
export const standingOf = (
  parts: Parts,
  { testRule }: { testRule?: string },
  record: DeploymentRecord | undefined,
): string => {
  const [first = 0, second = 0] = weightsIn(parts, parts.service.ruleArn);
  const isMixed = first > 0 === second > 0;
  const [live, idle] = first > 0 ? colours : ([colours[1], colours[0]] as const);
  const traffic = isMixed ? `traffic ${first}/${second}` : 'all traffic';
  const [closed, open] = testRule === undefined ? [1, 0] : weightsIn(parts, testRule);
  const test = closed === 0 && open !== 0 ? 'open' : 'closed';
  const had = `${runs(parts, live, record)} has ${traffic} with ${sizeOf(parts, live)}, ${boundsOf(parts, live)}`;
  return `${had}; the other ${sizeOf(parts, idle)}, ${boundsOf(parts, idle)}; test rule ${test}`;
};
