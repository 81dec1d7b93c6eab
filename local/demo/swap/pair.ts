import type { ServiceSeeded } from '../../fleet/seeds.ts';
import type { Rehearsal } from '../../rehearsal.ts';
import { platformService, putPlatformTarget, seedPlatform, type SeededPlatform } from '../../seeded-platform.ts';
import { seedNames } from '../../seed-names.ts';
import { shortSha } from '../../ci/run-build-job.ts';
import { errorAlarm } from './error-alarm.ts';
import type { ColourName } from './sight.ts';
import { bakeMinutes, swapSteps } from './swap-steps.ts';

/** Two colours behind one rule. Blue is the platform's own service, which serves at first. */
export interface Pair {
  platform: SeededPlatform;
  /** names of the services, and ARNs of their target groups */
  services: Record<ColourName, string>;
  groups: readonly [blue: string, green: string];
  /** the rule that users meet, and the one of the test URL */
  ruleArn: string;
  testRuleArn: string;
  testUrl: string;
}

const scaling = { min: 2, max: 6 } as const;
/** As an earlier swap would have left it. */
const retired = { min: 0, max: 6, suspended: { scaleIn: true, scaleOut: true, scheduled: true } } as const;
const policy = (colour: ColourName) => ({ policies: [{ name: `cpu-of-${colour}`, tracks: 'cpu' as const }] });

const green = `${seedNames.service}-green`;

const seedGreen = ({ world }: Rehearsal, { registryHost, target, serving }: SeededPlatform): ServiceSeeded =>
  world.putService({
    ...platformService(`${registryHost}/${target.repository}:${shortSha(serving.sha)}`),
    service: green,
    colourOf: target.service,
    desiredCount: 0,
    scaling: { ...retired, ...policy('green') },
  });

const strategyOf = ({ groups, ruleArn, testRuleArn, testUrl }: Omit<Pair, 'platform' | 'services'>) => ({
  type: 'blue-green',
  listener_rule: ruleArn,
  target_groups: groups,
  idle_service: green,
  steps: swapSteps,
  bake_minutes: bakeMinutes,
  alarms: [errorAlarm.name],
  test_url: testUrl,
  test_expect: { status: 200, text: seedNames.family },
  test_listener_rule: testRuleArn,
  timeout_minutes: 30,
});

/** Puts the platform into a started rehearsal, its service as one of two colours, with a target that swaps them. */
export const seedPair = async (rehearsal: Rehearsal): Promise<Pair> => {
  const platform = await seedPlatform(rehearsal, { testListener: true, scaling: { ...scaling, ...policy('blue') } });
  const { colourGroupArns, ruleArn, test } = seedGreen(rehearsal, platform);
  const [blueGroup = '', greenGroup = ''] = colourGroupArns;
  if (test === undefined) throw new Error('the colours have no test listener');
  const traffic = {
    groups: [blueGroup, greenGroup] as const,
    ...{ ruleArn, testRuleArn: test.ruleArn, testUrl: test.url },
  };
  await putPlatformTarget(rehearsal, strategyOf(traffic));
  return { platform, services: { blue: platform.target.service, green }, ...traffic };
};
