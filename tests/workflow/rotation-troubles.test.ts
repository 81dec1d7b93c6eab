import { randomInt } from 'node:crypto';
import { siteName, type Disturbance } from '../support/rotation-matrix/fault.ts';
import { managerOfGroup, tokenOfOneProject, withManagerOfGroup } from '../support/rotation-matrix/grounds.ts';
import { hookReceiver } from '../support/rotation-matrix/hook-receiver.ts';
import { play, type Play, type Played } from '../support/rotation-matrix/play.ts';
import { realVerbs } from '../support/rotation-matrix/real-verbs.ts';
import {
  recordedHookRotations,
  recordedTokenRotations,
  rotationNamed,
  type RecordedRotation,
} from '../support/rotation-matrix/recorded-rotations.ts';
import { secretNames, type RotationWorld } from '../support/rotation-matrix/rotation-world.ts';
import {
  deleteHook,
  edit,
  editSecret,
  goDown,
  joinedBySecond,
  meddlings,
  rotateAndAgain,
  rotateWhenReached,
  twoAtOnce,
  type Reached,
} from '../support/rotation-matrix/side-scenes.ts';

/** What others do while a rotation is at work: another rotation, an operator, GitLab's own troubles. */

const receiver = await hookReceiver();
afterAll(() => {
  receiver.close();
});

const stage = { verbs: realVerbs, receiver };

/** Nobody was refused or locked out, and what is left is what a rotation leaves. */
const expectWhole = (played: Played, { left }: RecordedRotation): void => {
  const { violations, reuses, pending, rotated } = played;
  expect({ violations, reuses, pending, done: rotated.done, left: played.left }).toEqual({
    violations: [],
    reuses: 0,
    pending: 'nowhere',
    done: true,
    left,
  });
};

/** Somebody does it right after each call of the rotation, in a world each. */
const meddledWith = async (name: string, more: () => Omit<Play, 'rotation' | 'disturbance'>) => {
  const rotation = rotationNamed(name);
  const all: (Played & { at: string })[] = [];
  for (const disturbance of await meddlings(rotation, stage)) all.push(await meddledAt(rotation, disturbance, more()));
  expect(all.length).toBeGreaterThan(20);
  return all;
};

const meddledAt = async (rotation: RecordedRotation, disturbance: Disturbance, more: Omit<Play, 'rotation'>) => {
  const played = await play({ ...more, rotation, disturbance }, stage);
  expectWhole(played, rotation);
  expect(played.struck).toBe(true);
  return { ...played, at: siteName(disturbance.site) };
};

const limit = 120_000; // ms: a machine that does much else must fail none

describe('two rotations of one version at once: one wins, the other ends quietly', () => {
  const seed = Number(process.env['DRAWBRIDGE_SEED'] ?? randomInt(2 ** 31 - 1));
  const pairs = 12;
  process.stderr.write(`two rotations at once, seed ${seed}: ${pairs} of each\n`);

  test.each([...recordedHookRotations, ...recordedTokenRotations])(
    '$name',
    async (rotation) => {
      for (let pair = 0; pair < pairs; pair += 1) {
        const played = await play({ rotation, ...twoAtOnce(seed + pair) }, stage);
        expectWhole(played, rotation);
        // Which of two may call self/rotate is decided by the journal: the other is told to come again.
        const known = rotation.self === true ? 'RotationRefused' : rotation.unless;
        const loud = played.rotated.failures.filter((name) => name !== known);
        expect(loud).toEqual([]);
      }
    },
    limit,
  );
});

describe('a second invocation begins right after whichever call of the first: both end quietly', () => {
  test.each(['hook signed', 'tokens of a project', 'token of a group'])(
    '%s',
    async (name) => {
      const all = await meddledWith(name, joinedBySecond);
      expect(all.flatMap(({ rotated }) => rotated.failures)).toEqual([]);
    },
    limit,
  );
});

describe('an operator edits the secret, right after whichever call', () => {
  const keptIn = ({ secrets, setting }: RotationWorld): void => {
    const inUse = secrets.valueOf(secretNames[setting.secret], 'AWSCURRENT');
    expect(inUse).toMatchObject(edit);
  };

  test.each(['hook signed', 'hook to be signed', 'tokens of a project'])(
    '%s: the rotation begins anew, and the edit is kept',
    async (name) => {
      const all = await meddledWith(name, () => ({ meddle: editSecret, act: rotateAndAgain, look: keptIn }));
      const failures = all.flatMap(({ rotated }) => rotated.failures);
      // AWS's own refusal is seen where the edit comes between the last look and the promotion.
      expect([...new Set(failures)].sort()).toEqual(['AwsRefused', 'BaseChanged']);
    },
    limit,
  );
});

test(
  "somebody deletes a project's hook, right after whichever call: it is made again, unless the rotation was through",
  async () => {
    const all = await meddledWith('hook to be signed', () => ({ meddle: deleteHook }));
    const failures = all.flatMap(({ rotated }) => rotated.failures);
    expect([...new Set(failures)]).toEqual(['OutOfReach']);
  },
  limit,
);

describe('GitLab is down for an hour, right after whichever call: the rotation ends later by itself', () => {
  test.each(['hook signed', 'tokens of a project', 'token by itself'])(
    '%s',
    async (name) => {
      const all = await meddledWith(name, () => ({ meddle: goDown }));
      const failures = all.flatMap(({ rotated }) => rotated.failures);
      expect([...new Set(failures)]).toEqual(['GitLabUnavailable']);
    },
    limit,
  );
});

describe('one of three projects is out of reach', () => {
  test('of the manager: no hook is changed anywhere; when it has come into reach, the rotation ends by itself', async () => {
    const signed = rotationNamed('hook signed');
    const rotation: RecordedRotation = { ...signed, prepare: withManagerOfGroup(signed.prepare), reach: 3 };
    let reached: Reached | undefined;
    const act = rotateWhenReached((then) => {
      reached = then;
    });
    const played = await play({ rotation, act, manager: managerOfGroup }, stage);
    expect([...new Set(reached?.failures)]).toEqual(['OutOfReach']);
    expect(reached?.changed).toBe(false);
    // Beside what a rotation leaves there is the manager's own token.
    expectWhole(played, { ...rotation, left: { ...rotation.left, byHand: 1 } });
  });

  test('of the new token: it is not promoted, and the one in use goes on', async () => {
    const rotation: RecordedRotation = { ...rotationNamed('token of a group'), prepare: tokenOfOneProject, reach: 2 };
    const { rotated, violations, pending, left } = await play({ rotation }, stage);
    expect(rotated).toMatchObject({ done: false, versions: 1 });
    expect([...new Set(rotated.failures)]).toEqual(['OutOfReach']);
    expect({ violations, pending, left }).toEqual({
      violations: [],
      pending: 'elsewhere',
      left: { access: 1, deploy: 0, byHand: 1 },
    });
  });
});
