import { isDeepStrictEqual } from 'node:util';
import { isFailureName } from '../../lib/domain/failure.ts';
import type { FaultRule } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import { endOfAll, stopAt } from './deployed-death.ts';
import { fleet, journalled, lockOf, until, type Scene } from './deployed.ts';
import type { Colours, Standing } from './deployed-colours.ts';

/** What can go wrong in a swap on the deployed stack, and what must be left of it whatever did. */

/** A call of a task, by the task's name, to what a scene has of its own: so that scenes can run beside each other. */
interface Site {
  caller: string;
  operation: string;
  on: 'blue' | 'green' | 'rule' | 'test rule' | 'scaling of blue' | 'scaling of green';
  /** of such calls of the task, from 1 */
  nth: number;
}

const kinds = ['refused', 'throttled', 'answer lost'] as const;
type Kind = (typeof kinds)[number];

// Of most calls the SDK makes three tries itself, and the workflow another one when all of them met this.
const faults: Record<Kind, Pick<FaultRule, 'times' | 'fault'>> = {
  refused: { times: 1, fault: { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } },
  throttled: { times: 4, fault: { kind: 'throttle' } },
  'answer lost': { times: 3, fault: { kind: 'answer lost' } },
};

/** One thing that goes wrong: a call, or the execution is stopped when it has been in that state so often. */
export type SwapDeath = { name: string } & ({ site: Site; kind: Kind } | { stopAt: string; times: number });

const calls: readonly [caller: string, operation: string, on: Site['on'], times: number][] = [
  ['look', 'DescribeServices', 'blue', 1],
  ['look', 'DescribeServices', 'green', 1],
  ['start-green', 'DescribeServices', 'blue', 2],
  ['start-green', 'DescribeServices', 'green', 2],
  ['start-green', 'RegisterScalableTarget', 'scaling of blue', 1],
  ['start-green', 'UpdateService', 'green', 1],
  ['start-green', 'RegisterScalableTarget', 'scaling of green', 1],
  ['check-green', 'DescribeServices', 'green', 2],
  ['test-green', 'ModifyRule', 'test rule', 1],
  ['shift', 'ModifyRule', 'rule', 2],
  ['watch', 'DescribeServices', 'blue', 4],
  ['watch', 'DescribeServices', 'green', 4],
  ['retire', 'RegisterScalableTarget', 'scaling of green', 1],
  ['retire', 'DescribeServices', 'blue', 1],
  ['retire', 'RegisterScalableTarget', 'scaling of blue', 1],
  ['retire', 'UpdateService', 'blue', 1],
  ['retire', 'ModifyRule', 'test rule', 1],
];

const stops: readonly [state: string, times: number][] = [
  ['Look', 1],
  ['Register', 1],
  ['Start green', 1],
  ['Wait for green', 2],
  ['Check green', 1],
  ['Test green', 1],
  ['Wait for test', 1],
  ['Shift', 2],
  ['Wait for users', 6],
  ['Watch', 6],
  ['Record success', 1],
  ['Wait to retire', 1],
  ['Retire', 1],
];

const upTo = (times: number): number[] => Array.from({ length: times }, (_, index) => index + 1);

/** All of them, in a fixed order. */
export const swapDeaths: readonly SwapDeath[] = [
  ...calls.flatMap(([caller, operation, on, times]) =>
    upTo(times).flatMap((nth) =>
      kinds.map((kind) => ({
        name: `${caller} / ${operation} of ${on} #${nth}: ${kind}`,
        ...{ site: { caller, operation, on, nth }, kind },
      })),
    ),
  ),
  ...stops.flatMap(([state, most]) =>
    upTo(most).map((times) => ({ name: `${state}, entered ${times} times: stopped`, stopAt: state, times })),
  ),
];

interface Registered {
  ScalableTargets: { ScalableTargetARN: string }[];
}

const scalableArn = async (name: string): Promise<string> => {
  const input = { ServiceNamespace: 'ecs', ResourceIds: [`service/${seedNames.cluster}/${name}`] };
  const service = 'application-autoscaling' as const;
  const answer = (await fleet.call({ service, operation: 'DescribeScalableTargets', input })) as Registered;
  return answer.ScalableTargets[0]?.ScalableTargetARN ?? '';
};

const resourceOf = async (on: Site['on'], scene: Scene, colours: Colours): Promise<string> => {
  const { serviceArn, ruleArn, test } = scene.service;
  if (on === 'rule') return ruleArn;
  if (on === 'test rule') return test?.ruleArn ?? '';
  if (on === 'blue' || on === 'green') return serviceArn.replace(/[^/]*$/, colours[on]);
  return scalableArn(on === 'scaling of blue' ? colours.blue : colours.green);
};

/** From now on the scene's swap fares so; what is answered takes its execution, and tells later whether it did. */
export const prepare = async (
  death: SwapDeath,
  scene: Scene,
  colours: Colours,
): Promise<(execution: string) => Promise<() => Promise<boolean>>> => {
  if ('stopAt' in death)
    return async (execution) => {
      await stopAt(execution, death.stopAt, death.times);
      return () => Promise.resolve(true);
    };
  const { caller, operation, on, nth } = death.site;
  const resource = await resourceOf(on, scene, colours);
  await fleet.addFault({ caller, operation, resource, skip: nth - 1, ...faults[death.kind] });
  return () =>
    Promise.resolve(async () =>
      (await fleet.calls({ operation })).some(
        (call) => call.caller === caller && call.resources.includes(resource) && call.fault !== undefined,
      ),
    );
};

/** Of such a standing, its opposite. */
const turned = ({ desired, weights, scaling }: Standing): Standing => ({
  desired: desired.toReversed(),
  weights: weights.toReversed(),
  scaling: scaling.toReversed(),
});

/** Everything that must hold of a swap that has ended, whatever happened, and does not. */
export const brokenAfter = async (
  execution: string,
  { colours, before }: { colours: Colours; before: Standing },
): Promise<string[]> => {
  const ends = await endOfAll(execution);
  const end = (await journalled(execution))?.end;
  await until(`${colours.blue} to be let go`, async () =>
    (await lockOf(colours.blue)).holder === undefined ? true : undefined,
  );
  const standing = await colours.standing();
  const wanted = end?.outcome === 'deployed' ? turned(before) : before;
  const parts = end?.warning === undefined ? (['weights', 'desired', 'scaling'] as const) : (['weights'] as const);
  return [
    ...[...ends].filter(([, { status, error }]) => status === 'FAILED' && !isFailureName(error)).map(([name]) => name),
    ...parts
      .filter((part) => !isDeepStrictEqual(standing[part], wanted[part]))
      .map((part) => `${part}: ${JSON.stringify(standing[part])}`),
  ];
};
