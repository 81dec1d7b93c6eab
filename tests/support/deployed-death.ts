import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import { seededRandom } from '../../local/fleet/wire/seeded-random.ts';
import type { FaultRule, FleetCall } from '../../local/fleet/seeds.ts';
import { endingOf, violationsIn, type Aftermath } from './death-matrix/aftermath.ts';
import type { CallSite } from './death-matrix/call-site.ts';
import type { Case } from './death-matrix/cases.ts';
import type { Fault } from './death-matrix/fault.ts';
import { inWords } from './death-matrix/in-words.ts';
import { definition } from './workflow-machine.ts';
import {
  executionEnd,
  fleet,
  gitlab,
  journalled,
  lockOf,
  statesOf,
  stopExecution,
  until,
  type Ended,
  type Scene,
} from './deployed.ts';

/** Cases of the death matrix on the deployed stack: what of it can be injected there, and what is left afterwards. */

// Of most calls the SDK makes three tries itself, and the workflow another one when all of them met this.
const unserved = 4;
const unheard = 3;

const fleetFaults: Partial<Record<Fault, Pick<FaultRule, 'times' | 'fault'>>> = {
  refused: { times: 100, fault: { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } },
  throttled: { times: unserved, fault: { kind: 'throttle' } },
  'answer lost': { times: unheard, fault: { kind: 'answer lost' } },
};

const isWait = (state: string): boolean => definition().States[state]?.Type === 'Wait';

const onFleet = ({ service }: CallSite): boolean => ['ECS', 'ECR'].includes(service);

/**
 * Whether the deployed stack can be disturbed so: by its calls to the fleet, by GitLab being busy, by StopExecution.
 * Lambdas cannot be killed there; later looks cannot be told by number, as their count is not the recording's; some
 * scenes are in a region without service deployments; what is stopped while it confirms may open its record when the
 * recovery has found none; and with no Wait to come it is over before it can be stopped.
 */
export const canBeDeployed = (one: Case, entered: readonly string[]): boolean => {
  if ('stopAt' in one) return one.stopAt !== 'Confirm' && entered.slice(entered.indexOf(one.stopAt)).some(isWait);
  const { site, fault } = one;
  if (site.look !== 1 || site.operation === 'DescribeServiceDeployments') return false;
  return onFleet(site) ? fault in fleetFaults : site.service === 'GitLab' && fault === 'throttled';
};

/** So many of them, by this seed. */
export const chosenBy = <T>(seed: number, all: readonly T[], count: number): T[] => {
  const random = seededRandom(seed);
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
};

/**
 * Whether the call says which scene it is of, so that scenes can run beside each other: all but those to the one ECR
 * repository that the stack may touch, and of tasks, which have names of their own.
 */
export const isOfOneScene = (one: Case): boolean =>
  'stopAt' in one || !(one.site.service === 'ECR' || one.site.operation === 'DescribeTasks');

const caller = (state: string): string => state.toLowerCase().replaceAll(' ', '-');

/** How many calls of this operation by this state's task, about whatever is said, have met a fault so far. */
const met = async ({ state, operation }: CallSite, { about = '' }: Pick<FaultRule, 'about'>): Promise<number> => {
  const calls = await fleet.calls({ operation });
  return calls.filter(
    ({ caller: by, input, fault }) =>
      by === caller(state) && fault !== undefined && JSON.stringify(input).includes(about),
  ).length;
};

/** From now on the case's call fares so; the answer tells later whether it did. */
export const inject = async (scene: Scene, one: Extract<Case, { site: CallSite }>): Promise<() => Promise<boolean>> => {
  const { site, fault } = one;
  const { state, operation, nth } = site;
  if (onFleet(site)) {
    const rule = fleetFaults[fault];
    if (rule === undefined) throw new Error(`the fleet cannot play: ${fault}`);
    const about = isOfOneScene(one) ? { about: scene.name } : {};
    const before = await met(site, about);
    await fleet.addFault({ caller: caller(state), operation, skip: nth - 1, ...rule, ...about });
    return async () => (await met(site, about)) > before;
  }
  const route = operation.replace('/projects/:id', `/projects/${scene.project}`).replace(':id', '*');
  await gitlab.setFault({ route, times: 2, fault: { kind: 'rate limit', retryAfter: 1 } });
  return async () =>
    (await gitlab.requests()).some(
      ({ path, status }) => path.includes(`/projects/${scene.project}/`) && status === 429,
    );
};

const over = (error: unknown): boolean => (error as Error).name === 'ValidationException';

/** Stops the execution as soon as it is seen to have entered that state so often. One that was faster ends as if undisturbed. */
export const stopAt = async (execution: string, state: string, times = 1): Promise<void> => {
  await until(`${execution} to enter ${state}, ${times} times, or to end`, async () => {
    const states = await statesOf(execution);
    return states.filter((one) => one === state).length >= times || states.at(-1) === 'Done' ? true : undefined;
  });
  await stopExecution(execution).catch((error: unknown) => {
    if (!over(error)) throw error;
  });
};

/** The ends of the execution and of its recovery, if there was one. */
export const endOfAll = async (execution: string): Promise<Map<string, Ended>> => {
  const ends = new Map([[execution, await executionEnd(execution)]]);
  const record = await journalled(execution);
  if (record === undefined || record.end !== undefined) return ends;
  await until(`an end of ${execution} in the journal`, async () => (await journalled(execution))?.end);
  const recovery = `${execution}-recover`;
  return ends.set(recovery, await executionEnd(recovery));
};

/** Calls of a scene that took effect. */
const effective = async (operation: string, named: string): Promise<FleetCall[]> =>
  (await fleet.calls({ operation })).filter(
    ({ input, outcome, fault }) =>
      (outcome === 'ok' || fault === 'answer lost') && JSON.stringify(input).includes(`"${named}"`),
  );

/** By revision: the SDK may have said the same thing thrice, which begins no second rollout. */
const updatesOf = async (scene: Scene): Promise<Aftermath['updates']> => {
  const calls = await effective('UpdateService', scene.name);
  const by = (name: string) =>
    new Set(calls.filter((call) => call.caller === name).map(({ input }) => input['taskDefinition'])).size;
  return { 'start-rollout': by('start-rollout'), undo: by('undo') };
};

/** One rollout, complete; or ours, which nobody could take back. */
const isAtRest = (words: string, record: DeploymentRecord | undefined): boolean =>
  /^[^ ]+$/.test(words) || (record?.end?.failure === 'UndoFailed' && words === 'ours (IN_PROGRESS) over before');

/** Waits for the end of everything, the service's coming to rest included, and looks. */
export const deployedAftermath = async (
  scene: Scene,
  execution: string,
  failedRequests: number,
): Promise<Aftermath> => {
  const ended = await endOfAll(execution);
  const ends = new Map(
    [...ended].map(([name, { status, error }]) => [name, { status: status.toLowerCase() as 'failed', error }]),
  );
  const record = await journalled(execution);
  const service = await until(`${scene.name} at rest`, async () => {
    const words = inWords((await scene.view()).rollouts, scene.service.taskDefinitionArn, record);
    return isAtRest(words, record) ? words : undefined;
  });
  const defects = await fleet.defects();
  const lock = await lockOf(scene.name);
  return {
    ending: endingOf(record, ends.get(execution)?.error),
    ...(record === undefined ? {} : { record }),
    recovered: ends.size > 1,
    recoveryDied: false,
    service,
    updates: await updatesOf(scene),
    registered: (await effective('RegisterTaskDefinition', execution)).length,
    violations: violationsIn({ ends, record, lock, announced: true, failedRequests, defects }),
  };
};
