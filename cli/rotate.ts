import { pendingVersion } from '../lib/domain/pending-version.ts';
import { rotationSteps, versionLabelled, type RotatedSecret } from '../lib/domain/rotation.ts';
import type { Clock, Pause } from '../lib/ports/clock.ts';
import type { DescribedSecret, LoggedStep, RotationDesk, RotationStack, TendedNow } from './rotation-desk.ts';

/** How far the rotation of one secret has come. */
export interface RotationState {
  secret: RotatedSecret;
  name: string;
  /** `left`: not begun, and `because` says why; `late`: not at its end when following it was given up */
  state: 'under way' | 'rotated' | 'failed' | 'given up' | 'late' | 'left';
  /** the step that Secrets Manager has called, or is about to, as far as the log tells */
  step: string;
  /** since it was begun here */
  seconds: number;
  because?: string;
}

export interface RotateOutput {
  rotations: RotationState[];
  /** where each step's line is */
  logGroup: string;
  /** undefined: not asked for, or something was not rotated */
  tended?: TendedNow;
}

export interface RotatePorts {
  desk: RotationDesk;
  clock: Clock;
  pause: Pause;
  /** Shown after each look. */
  show: (rotations: readonly RotationState[]) => void;
}

/** A rotation that was begun, or that was under way already. */
interface Begun {
  secret: RotatedSecret;
  name: string;
  arn: string;
  version: string;
}

const lookEvery = 2_000; // ms
/** ms. A step may take the function's 180 s, and all four together wait 80 s for doors and deliveries. */
const followFor = 900_000;

const begin = async (
  desk: RotationDesk,
  { rotationFunctionArn, rotationDays }: RotationStack,
  { secret, name }: Pick<Begun, 'secret' | 'name'>,
): Promise<Begun> => {
  const description = await desk.describe(name);
  const { arn, rotationEnabled } = description;
  const already = pendingVersion(description);
  if (already !== undefined) return { secret, name, arn, version: already };
  if (versionLabelled(description, 'AWSCURRENT') === undefined) await desk.fillEmpty(name);
  const setup = rotationEnabled ? undefined : { functionArn: rotationFunctionArn, days: rotationDays };
  return { secret, name, arn, version: await desk.start(name, setup) };
};

/** Without a manager's token GitLab's own are not replaced, unless somebody has had them rotated before. */
const whyLeft = async (desk: RotationDesk, stack: RotationStack): Promise<string | undefined> => {
  const gitlab = await desk.describe(stack.gitlabSecret);
  if (versionLabelled(gitlab, 'AWSCURRENT') === undefined) return 'it has no value yet';
  if (gitlab.rotationEnabled) return undefined;
  const manager = await desk.describe(stack.managerSecret);
  if (versionLabelled(manager, 'AWSCURRENT') !== undefined) return undefined;
  return `there is no manager's token in ${stack.managerSecret}`;
};

/** What the log says of one rotation: the step after the last one that ended well, and the failure of the last one. */
const progress = (steps: readonly LoggedStep[]): Pick<RotationState, 'step' | 'because'> => {
  const last = steps.at(-1);
  if (last === undefined) return { step: rotationSteps[0] };
  if (last.failure !== undefined) return { step: last.step, because: `${last.failure}: ${last.because ?? ''}` };
  const done = rotationSteps.findIndex((step) => step === last.step);
  return { step: rotationSteps[done + 1] ?? last.step };
};

const stateOf = (description: DescribedSecret, version: string, failed: boolean): RotationState['state'] => {
  const carried = description.labels[version] ?? [];
  if (carried.includes('AWSCURRENT')) return 'rotated';
  if (!carried.includes('AWSPENDING')) return 'given up';
  return failed ? 'failed' : 'under way';
};

const look = async ({ desk, clock }: RotatePorts, begun: Begun, since: Date): Promise<RotationState> => {
  const description = await desk.describe(begun.name);
  const logged = (await desk.steps(since)).filter(({ secretArn }) => secretArn === begun.arn);
  const { step, because } = progress(logged);
  return {
    secret: begun.secret,
    name: begun.name,
    state: stateOf(description, begun.version, because !== undefined),
    step,
    seconds: (clock().getTime() - since.getTime()) / 1_000,
    ...(because === undefined ? {} : { because }),
  };
};

const follow = async (ports: RotatePorts, begun: readonly Begun[], since: Date): Promise<RotationState[]> => {
  for (;;) {
    const rotations = await Promise.all(begun.map(async (one) => look(ports, one, since)));
    ports.show(rotations);
    if (!rotations.some(({ state }) => state === 'under way')) return rotations;
    if (ports.clock().getTime() - since.getTime() >= followFor)
      return rotations.map((one) => (one.state === 'under way' ? { ...one, state: 'late' } : one));
    await ports.pause(lookEvery);
  }
};

/**
 * Has Secrets Manager rotate the hook secret, and the GitLab secret where that is possible, and follows both until they are
 * AWSCURRENT, have failed, or a quarter of an hour is over. A rotation that is under way already is followed, not begun
 * again. `revokeNow`: GitLab's replaced tokens are then revoked at once. Raises AWS's own errors.
 */
export const rotate =
  (ports: RotatePorts) =>
  async ({ revokeNow }: { revokeNow: boolean }): Promise<RotateOutput> => {
    const { desk, clock } = ports;
    const stack = await desk.stack();
    const because = await whyLeft(desk, stack);
    const gitlab = { secret: 'gitlab', name: stack.gitlabSecret } as const;
    const since = clock();
    const begun = [await begin(desk, stack, { secret: 'hook', name: stack.hookSecret })];
    if (because === undefined) begun.push(await begin(desk, stack, gitlab));
    const rotations = await follow(ports, begun, since);
    if (because !== undefined) rotations.push({ ...gitlab, state: 'left', step: '', seconds: 0, because });
    const logGroup = `/aws/lambda/${stack.rotationFunctionArn.split(':').at(-1) ?? ''}`;
    const isWell = rotations.every(({ state }) => state === 'rotated' || state === 'left');
    return { rotations, logGroup, ...(revokeNow && isWell ? { tended: await desk.revokeNow() } : {}) };
  };
