import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { ServiceSeed, ServiceView } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import { clientOptions, deployed, fleet, putTarget, seedOf, targetDocument, type Scene } from './deployed.ts';

/** A scene's service as one of two colours: the other one, the rule between them, and the target that swaps them. */

/** How a target swaps, as ops write it, but for the names. */
export interface Swap {
  steps: { weight: number; minutes?: number }[];
  bake_minutes: number;
  timeout_minutes?: number;
  alarms?: string[];
  retire?: 'scale-to-zero' | 'delete';
  test_url?: string;
  test_expect?: { status?: number; text?: string };
  test_listener_rule?: string;
  /** the scene's own unless it is said */
  target_groups?: readonly [string, string];
}

/** What a swap changes, and an undone one leaves as it was: blue's first, then green's. */
export interface Standing {
  desired: number[];
  /** in percent */
  weights: number[];
  /** min, max, and what rests; undefined where Application Auto Scaling does not know the service */
  scaling: unknown[];
}

export interface Colours {
  /** names of the services: the one that is live at first, and the other */
  blue: string;
  green: string;
  /** where their target groups share traffic: a rule, or a listener's default action */
  point: { rule: string } | { listener: string };
  /** their target groups */
  groups: readonly [string, string];
  standing(): Promise<Standing>;
  view(colour: 'blue' | 'green'): Promise<ServiceView>;
  /** Puts the target of both. */
  putTarget: (swap: Swap) => Promise<void>;
}

const { cluster } = seedNames;

/** As Retire leaves it: no tasks, and nothing that would start some. */
const retired = ({ scaling }: Partial<ServiceSeed>): Partial<ServiceSeed> =>
  scaling === undefined
    ? {}
    : { scaling: { ...scaling, min: 0, suspended: { scaleIn: true, scaleOut: true, scheduled: true } } };

/** A service that grows by itself. */
export const scaled: Partial<ServiceSeed> = { scaling: { min: 2, max: 6, policies: [{ name: 'cpu', tracks: 'cpu' }] } };

interface Forwarding {
  Actions?: { ForwardConfig?: { TargetGroups?: { TargetGroupArn?: string; Weight?: number }[] } }[];
}

const actionsAt = async (point: Colours['point']): Promise<Forwarding['Actions']> => {
  const elb = (operation: string, input: object) => fleet.call({ service: 'elbv2', operation, input: { ...input } });
  if ('rule' in point) {
    const { Rules } = (await elb('DescribeRules', { RuleArns: [point.rule] })) as { Rules: Forwarding[] };
    return Rules[0]?.Actions;
  }
  const { Listeners } = (await elb('DescribeListeners', { ListenerArns: [point.listener] })) as {
    Listeners: { DefaultActions: Forwarding['Actions'] }[];
  };
  return Listeners[0]?.DefaultActions;
};

/** The weights of these groups in a list of actions. */
export const weightsIn = (actions: Forwarding['Actions'] = [], groups: readonly string[]): number[] => {
  const forwarded = actions.flatMap((one) => one.ForwardConfig?.TargetGroups ?? []);
  return groups.map((group) => forwarded.find(({ TargetGroupArn }) => TargetGroupArn === group)?.Weight ?? 0);
};

/** A person writes weights. */
export const divideByHand = async (
  { point, groups }: Pick<Colours, 'point' | 'groups'>,
  weights: readonly number[],
): Promise<void> => {
  const TargetGroups = groups.map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: weights[index] }));
  const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
  const input = { RuleArn: 'rule' in point ? point.rule : '', Actions };
  await fleet.call({ service: 'elbv2', operation: 'ModifyRule', caller: 'a-colleague', input });
};

const percentOf = (weights: readonly number[]): number[] => {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (all === 0 ? 0 : (100 * weight) / all));
};

interface Registered {
  ScalableTargets: { ResourceId: string; MinCapacity: number; MaxCapacity: number; SuspendedState: object }[];
}

const scalingOf = async (names: readonly string[]): Promise<unknown[]> => {
  const service = 'application-autoscaling' as const;
  const ids = names.map((name) => `service/${cluster}/${name}`);
  const input = { ServiceNamespace: 'ecs', ResourceIds: ids };
  const answer = (await fleet.call({ service, operation: 'DescribeScalableTargets', input })) as Registered;
  return ids.map((id) => {
    const found = answer.ScalableTargets.find(({ ResourceId }) => ResourceId === id);
    return found && { min: found.MinCapacity, max: found.MaxCapacity, ...found.SuspendedState };
  });
};

/** Desired count of a service; none where it is not there. */
const desiredOf = (name: string): Promise<number> =>
  fleet.serviceView(cluster, name).then(
    ({ desired }) => desired,
    () => 0,
  );

/** Puts the other colour beside the scene's service, retired, unless that group is still spare; and the target of both. */
export const colourScene = async (scene: Scene, swap: Swap): Promise<Colours> => {
  const { project, name: blue, service, seed } = scene;
  const green = `${blue}-green`;
  const idle = { ...seed, family: blue, desiredCount: 0, ...retired(seed) };
  const beside = { colourOf: blue, ownListener: false, testListener: false };
  const spare = seed.spareTargetGroup === true;
  const seeded = spare ? service : await fleet.putService(seedOf(green, { ...idle, ...beside }));
  const [one = '', other = ''] = seeded.colourGroupArns;
  const groups = [one, other] as const;
  const point = seed.ownListener === true ? { listener: service.listenerArn } : { rule: service.ruleArn };
  const divided = 'rule' in point ? { listener_rule: point.rule } : point;
  const put: Colours['putTarget'] = async (how) => {
    const strategy = { type: 'blue-green', ...divided, target_groups: groups, ...how };
    await putTarget(project, blue, { ...targetDocument(blue, { pipeline: { ref: 'main' } }), strategy });
  };
  await put(swap);
  return {
    ...{ blue, green, point, groups, putTarget: put },
    standing: async () => ({
      desired: await Promise.all([blue, green].map(desiredOf)),
      weights: percentOf(weightsIn(await actionsAt(point), groups)),
      scaling: await scalingOf([blue, green]),
    }),
    view: (colour) => fleet.serviceView(cluster, colour === 'blue' ? blue : green),
  };
};

const cloudwatch = new CloudWatchClient(clientOptions);

/** An alarm that judges by one minute and is quiet; answers how it is made to go off. */
export const quietAlarm = async (AlarmName: string): Promise<() => Promise<void>> => {
  const judged = {
    Namespace: 'Acme',
    MetricName: AlarmName,
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
  } as const;
  const over = { Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' } as const;
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...judged, ...over }));
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'OK', StateReason: 'quiet' }));
  return async () => {
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'too many errors' }));
  };
};

/** How to tell the real time (ms since the epoch) of a moment of the fleet's time. */
export const realTime = async (): Promise<(at: string) => number> => {
  const operation = 'DescribeLoadBalancers';
  await fleet.call({ service: 'elbv2', operation, input: {} });
  const real = Date.now();
  const world = Date.parse((await fleet.calls({ operation })).at(-1)?.at ?? '');
  return (at) => real - (world - Date.parse(at)) / deployed.speed;
};

/** One write of weights: when (real time), by whom, and what it says of blue and green. */
export interface WeightsWritten {
  at: number;
  caller: string;
  weights: number[];
}

/** All that was written to where the colours share traffic. */
export const weightsWritten = async ({ point, groups }: Colours): Promise<WeightsWritten[]> => {
  const [operation, arn] = 'rule' in point ? ['ModifyRule', point.rule] : ['ModifyListener', point.listener];
  const clock = await realTime();
  const calls = (await fleet.calls({ operation })).filter(
    ({ input, outcome }) => outcome === 'ok' && (input['RuleArn'] ?? input['ListenerArn']) === arn,
  );
  return calls.map(({ at, caller, input }) => {
    const actions = (input['Actions'] ?? input['DefaultActions']) as Forwarding['Actions'];
    return { at: clock(at), caller, weights: weightsIn(actions, groups) };
  });
};
