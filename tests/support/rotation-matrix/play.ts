import { printedLines } from '../../unit/runtime/printed-lines.ts';
import type { Disturbance, Site } from './fault.ts';
import { managerOf, projects } from './grounds.ts';
import type { HookReceiver } from './hook-receiver.ts';
import type { RecordedRotation } from './recorded-rotations.ts';
import {
  secretNames,
  startRotationWorld,
  usualLatency,
  type RotationWorld,
  type Verbs,
  type WorldSetting,
} from './rotation-world.ts';
import { secretKeeper } from './secrecy.ts';
import { rotateOnce, type Rotated } from './secrets-manager.ts';
import { lockOuts, tokensLeft, type TokensLeft } from './token-judge.ts';

/** What the matrix plays with: the verbs, and where GitLab's hooks come in. */
export interface Stage {
  verbs: Verbs;
  receiver: HookReceiver;
}

/** What came of a rotation. */
export interface Played {
  sites: readonly Site[];
  struck: boolean;
  rotated: Rotated;
  violations: string[];
  /** where AWSPENDING stands */
  pending: 'nowhere' | 'on AWSCURRENT' | 'elsewhere';
  left: TokensLeft;
  /** how often self/rotate was asked for with a revoked token */
  reuses: number;
  /** the questions that were asked of doors */
  asked: number;
}

const hour = 3_600_000; // ms

/** What is done in a world before, and beside the rotation. */
export interface Play {
  rotation: RecordedRotation;
  disturbance?: Disturbance | undefined;
  /** instead of the one rotation that is judged */
  act?: (world: RotationWorld) => Promise<Rotated>;
  meddle?: (world: RotationWorld) => void;
  latency?: (site: Site) => number;
  /** default: a person who may do everything, or nobody where gitlab_token replaces itself */
  manager?: WorldSetting['manager'];
  /** another look at how everything is in the end */
  look?: (world: RotationWorld) => void;
}

const worldOf = (one: Play, { verbs, receiver }: Stage): RotationWorld => {
  const { rotation, disturbance, meddle = () => undefined, latency = usualLatency } = one;
  const { secret, reach, self } = rotation;
  const manager = one.manager ?? managerOf(self !== true);
  const world = startRotationWorld({
    secret,
    verbs,
    targets: () => Promise.resolve(projects.slice(0, reach)),
    manager,
    hookUrl: receiver.url,
    disturbance,
    meddle,
    latency,
  });
  rotation.prepare({ gitlab: world.gitlab.world, secrets: world.secrets, hookUrl: receiver.url, reach });
  receiver.serve(world.events.receive);
  return world;
};

/** Doors whose caches are of every age that there may be. */
const openDoors = async (world: RotationWorld): Promise<void> => {
  for (const name of ['a warm door', 'a door 20 s later', 'a door 40 s later']) {
    await world.events.openDoor(name);
    await world.rest(20_000);
  }
};

/** Tends of which nothing comes any more, in a row: then nothing comes of further ones. */
const quietTends = 3;

/** Whether the tend ended well and found nothing to do. One that failed is tried again in an hour. */
const isQuiet = async (world: RotationWorld): Promise<boolean> => {
  try {
    return ((await world.tend()) as { revoked: number }).revoked === 0;
  } catch {
    return false;
  }
};

/** Every hour, until there is nothing left to do, and once more when the day is over. */
const tendForADay = async (world: RotationWorld): Promise<void> => {
  let hours = 0;
  for (let quiet = 0; quiet < quietTends && hours < 23; hours += 1) {
    await world.rest(hour);
    quiet = (await isQuiet(world)) ? quiet + 1 : 0;
  }
  await world.rest((24 - hours) * hour);
  await world.tend();
};

export const rotate = (world: RotationWorld): Promise<Rotated> =>
  rotateOnce({ ...world, secret: secretNames[world.setting.secret] });

const lookAtTokens = (world: RotationWorld, { secret, reach }: RecordedRotation): void => {
  if (secret !== 'gitlab') return;
  const { gitlab, secrets, journal } = world;
  const paths = projects.slice(0, reach).map(({ path }) => path);
  // Between GitLab's doing of self/rotate and the writing of its answer nobody can show the new token.
  const between = (): boolean =>
    journal.record.attempt !== undefined && secrets.valueOf(name, 'AWSPENDING') === undefined;
  const name = secretNames.gitlab;
  world.looks.push(() => (between() ? [] : lockOuts({ gitlab: gitlab.world, secrets, secret: name, paths })));
};

const pendingIn = ({ secrets, setting }: RotationWorld): Played['pending'] => {
  const name = secretNames[setting.secret];
  const pending = secrets.labelled(name, 'AWSPENDING');
  if (pending === undefined) return 'nowhere';
  return pending === secrets.labelled(name, 'AWSCURRENT') ? 'on AWSCURRENT' : 'elsewhere';
};

const playIn = async (world: RotationWorld, { rotation, act = rotate }: Play): Promise<Rotated> => {
  const tended = rotation.secret === 'gitlab';
  if (!tended) await openDoors(world);
  for (let done = 0; done < rotation.before; done += 1) {
    await rotate(world);
    if (tended) await tendForADay(world);
  }
  world.calls.arm();
  const rotated = await act(world);
  if (tended) await tendForADay(world);
  else await world.rest(120_000);
  return rotated;
};

/** Plays the rotation, tends what it left for a day, and tells how everything is then. */
export const play = async (one: Play, stage: Stage): Promise<Played> => {
  const world = worldOf(one, stage);
  const { look, leaks } = secretKeeper(world);
  world.looks.push(look);
  lookAtTokens(world, one.rotation);
  let rotated: Rotated = { done: false, versions: 0, failures: [] };
  try {
    const lines = await printedLines(async () => {
      rotated = await playIn(world, one);
    });
    const { calls, events, gitlab } = world;
    one.look?.(world);
    return {
      sites: calls.sites,
      struck: calls.struck(),
      rotated,
      violations: [...world.violations, ...leaks(lines)],
      pending: pendingIn(world),
      left: tokensLeft(gitlab.world),
      reuses: gitlab.requests.filter(({ reuse }) => reuse === true).length,
      asked: events.asked(),
    };
  } finally {
    world.close();
  }
};
