import { seededRandom } from '../../../local/fleet/wire/seeded-random.ts';
import type { Disturbance, Site } from './fault.ts';
import { play, type Play, type Stage } from './play.ts';
import type { RecordedRotation } from './recorded-rotations.ts';
import { secretNames, usualLatency, type RotationWorld } from './rotation-world.ts';
import { nextVersion, rotateOnce, trySteps, type Rotated } from './secrets-manager.ts';

/** ms between the two, at most: beside the same step, or beside a later one. */
const latestStarts = [20_000, 90_000] as const;
const longestCall = 3_000; // ms

/**
 * Two rotations of one version beside each other: Secrets Manager's retry of a step whose Lambda is still at work. They are
 * interleaved as the seed says: when the second begins, and how long each call of either takes.
 */
export const twoAtOnce = (seed: number): Pick<Play, 'act' | 'latency'> => {
  const random = seededRandom(seed);
  return {
    latency: (site) => Math.max(usualLatency(site), random() * longestCall),
    act: async (world) => {
      const { secrets, setting, time } = world;
      const secret = secretNames[setting.secret];
      const version = nextVersion();
      secrets.begin(secret, version);
      const rotating = { ...world, secret };
      const later = async (): Promise<string | undefined> => {
        await time.pause(random() * latestStarts[seed % 2 === 0 ? 0 : 1]);
        return trySteps(rotating, version);
      };
      const ends = await time.until(Promise.all([trySteps(rotating, version), later()]));
      const failures = ends.filter((failure) => failure !== undefined);
      if (secrets.labelled(secret, 'AWSCURRENT') === version) return { done: true, versions: 1, failures };
      const next = await rotateOnce(rotating, version);
      return { ...next, failures: [...failures, ...next.failures] };
    },
  };
};

/** The version of the rotation that goes on, or has just ended: AWSPENDING goes off at its very end. */
const versionUnderWay = ({ secrets }: RotationWorld, secret: string): string =>
  secrets.labelled(secret, 'AWSPENDING') ?? secrets.labelled(secret, 'AWSCURRENT') ?? '';

/** A second invocation for the same version begins where the disturbance says so, and goes all the way beside the first. */
export const joinedBySecond = (): Pick<Play, 'act' | 'meddle'> => {
  let second: Promise<string | undefined> = Promise.resolve(undefined);
  const rotatingIn = (world: RotationWorld) => ({ ...world, secret: secretNames[world.setting.secret] });
  return {
    meddle: (world) => {
      const { secret, ...rotating } = rotatingIn(world);
      second = trySteps({ ...rotating, secret }, versionUnderWay(world, secret));
    },
    act: async (world) => {
      const rotated = await rotateOnce(rotatingIn(world));
      const late = await world.time.until(second);
      return { ...rotated, failures: [...rotated.failures, ...(late === undefined ? [] : [late])] };
    },
  };
};

/** GitLab answers nothing but 502, for an hour from now on. */
export const goDown = ({ gitlab }: RotationWorld): void => {
  gitlab.faults.set({ route: '**', forSeconds: 3_600, fault: { kind: 'error', status: 502 } });
};

/** An operator adds something to the secret, and to what is in use by then. */
export const editSecret = ({ secrets, setting }: RotationWorld): void => {
  const secret = secretNames[setting.secret];
  secrets.edit(secret, { ...secrets.valueOf(secret, 'AWSCURRENT'), ...edit });
};

/** What the operator adds: a key that no rotation makes. */
export const edit = { registry_token_next: 'the-next-token-of-the-registry-0123' };

/** Somebody takes the hook of the first project away. */
export const deleteHook = ({ gitlab }: RotationWorld): void => {
  const [first] = gitlab.world.projects.values();
  first?.hooks.splice(0);
};

/** The calls of the rotation itself, each of which somebody may come right after. */
export const meddlings = async (rotation: RecordedRotation, stage: Stage): Promise<Disturbance[]> => {
  const { sites } = await play({ rotation }, stage);
  const own = sites.filter(({ step }: Site) => step !== 'tend-credentials');
  return own.map((site) => ({ site, fault: 'meddled' }));
};

/** Rotates, and once more: whoever did something when the first was through must find it in the second. */
export const rotateAndAgain = async (world: RotationWorld): Promise<Rotated> => {
  const rotating = { ...world, secret: secretNames[world.setting.secret] };
  const first = await rotateOnce(rotating);
  // Secrets Manager goes on with a version that is still labelled, and begins none beside it.
  const pending = world.secrets.labelled(rotating.secret, 'AWSPENDING');
  const isOver = pending === world.secrets.labelled(rotating.secret, 'AWSCURRENT');
  const second = await rotateOnce(rotating, isOver ? '' : pending);
  return {
    done: second.done,
    versions: first.versions + second.versions,
    failures: [...first.failures, ...second.failures],
  };
};

/** The hooks of all projects as they are set. */
const hooksIn = ({ gitlab }: RotationWorld): string =>
  JSON.stringify([...gitlab.world.projects.values()].map(({ hooks }) => hooks));

/** What an attempt came to while a project was out of reach, and when it came into it. */
export interface Reached {
  failures: string[];
  changed: boolean;
}

/** Rotates until nobody tries any more; then the third project comes to the group whose manager there is, and it is tried again. */
export const rotateWhenReached =
  (tell: (reached: Reached) => void) =>
  async (world: RotationWorld): Promise<Rotated> => {
    const rotating = { ...world, secret: secretNames[world.setting.secret] };
    const before = hooksIn(world);
    const { failures } = await rotateOnce(rotating);
    tell({ failures, changed: hooksIn(world) !== before });
    const third = [...world.gitlab.world.projects.values()][2];
    if (third !== undefined) third.path = 'acme/site';
    return rotateOnce(rotating, world.secrets.labelled(rotating.secret, 'AWSPENDING'));
  };
