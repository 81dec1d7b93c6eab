import type { ServiceView } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import { fleet, putTarget, seedOf, targetDocument, type Scene } from './deployed.ts';

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

export interface Colours {
  /** names of the services: the one that is live at first, and the other */
  blue: string;
  green: string;
  ruleArn: string;
  /** their target groups */
  groups: readonly [string, string];
  /** desired counts: blue's, green's */
  sizes(): Promise<[number, number]>;
  /** weights in the rule: blue's, green's */
  weights(): Promise<number[]>;
  greenView(): Promise<ServiceView>;
}

const { cluster } = seedNames;

/** As Retire leaves them: no tasks, and nothing that would start some. */
export const retiredScaling = {
  min: 0,
  max: 6,
  suspended: { scaleIn: true, scaleOut: true, scheduled: true },
} as const;
export const liveScaling = { min: 2, max: 6 } as const;

interface Rules {
  Rules?: { Actions?: { ForwardConfig?: { TargetGroups?: { TargetGroupArn?: string; Weight?: number }[] } }[] }[];
}

const weightsOf = async (ruleArn: string, groups: readonly string[]): Promise<number[]> => {
  const input = { RuleArns: [ruleArn] };
  const { Rules = [] } = (await fleet.call({ service: 'elbv2', operation: 'DescribeRules', input })) as Rules;
  const forwarded = Rules.flatMap(({ Actions = [] }) => Actions).flatMap(
    (one) => one.ForwardConfig?.TargetGroups ?? [],
  );
  return groups.map((group) => forwarded.find(({ TargetGroupArn }) => TargetGroupArn === group)?.Weight ?? 0);
};

/** Puts the other colour beside the scene's service, retired, unless that group is still spare; and the target of both. */
export const colourScene = async (scene: Scene, swap: Swap): Promise<Colours> => {
  const { project, name, service, seed } = scene;
  const green = `${name}-green`;
  const spare = seed.spareTargetGroup === true;
  const idle = { ...seed, family: name, desiredCount: 0, ...(seed.scaling && { scaling: retiredScaling }) };
  const beside = { colourOf: name, ownListener: false, testListener: false };
  const seeded = spare ? service : await fleet.putService(seedOf(green, { ...idle, ...beside }));
  const [one = '', other = ''] = seeded.colourGroupArns;
  const strategy = { type: 'blue-green', listener_rule: service.ruleArn, target_groups: [one, other], ...swap };
  await putTarget(project, name, { ...targetDocument(name, { pipeline: { ref: 'main' } }), strategy });
  const greenView = () => fleet.serviceView(cluster, green);
  return {
    blue: name,
    green,
    ruleArn: service.ruleArn,
    groups: [one, other],
    sizes: async () => [(await scene.view()).desired, (await greenView()).desired],
    weights: () => weightsOf(service.ruleArn, [one, other]),
    greenView,
  };
};
