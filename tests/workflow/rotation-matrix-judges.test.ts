import type { Disturbance, Fault } from '../support/rotation-matrix/fault.ts';
import { hookReceiver } from '../support/rotation-matrix/hook-receiver.ts';
import { naiveHooks, naiveReplacement, naiveSelfRotation } from '../support/rotation-matrix/naive-verbs.ts';
import { play } from '../support/rotation-matrix/play.ts';
import { rotationNamed } from '../support/rotation-matrix/recorded-rotations.ts';
import type { Verbs } from '../support/rotation-matrix/rotation-world.ts';

/** The matrix of rotations finds defects: rotations as one writes them at first. */

const receiver = await hookReceiver();
afterAll(() => {
  receiver.close();
});

const played = (verbs: Verbs, name: string, disturbance?: Disturbance) =>
  play({ rotation: rotationNamed(name), disturbance }, { verbs, receiver });

const refusedAt = (violations: string[]) => violations.filter((one) => one.startsWith('an authentic event refused'));

test('a token that is used as soon as it is written is refused by doors that do not know it yet', async () => {
  const { violations, rotated } = await played(naiveHooks(0), 'hook plain');
  expect(rotated).toMatchObject({ done: true, failures: [] });
  expect(refusedAt(violations).length).toBeGreaterThan(1);
});

test('a token that is used when no cache is older is refused by none', async () => {
  const { violations, rotated, asked } = await played(naiveHooks(65_000), 'hook plain');
  expect(rotated).toMatchObject({ done: true, failures: [] });
  expect(violations).toEqual([]);
  expect(asked).toBeGreaterThan(100);
});

const struckAt = (operation: string, fault: Fault): Disturbance => ({
  site: { step: 'createSecret', operation, nth: 1 },
  fault,
});

test('a lost answer of self/rotate that is asked for again costs both tokens', async () => {
  const disturbance = struckAt('GitLab.POST /personal_access_tokens/self/rotate', 'answer lost');
  const { reuses, left, rotated } = await played(naiveSelfRotation, 'token by itself', disturbance);
  expect(reuses).toBeGreaterThan(0);
  expect(rotated.done).toBe(false);
  expect(left.byHand).toBe(0);
});

test('a lost answer leaves a token that nobody knows', async () => {
  const disturbance = struckAt('GitLab.POST /projects/:id/access_tokens', 'answer lost');
  const { left, struck, rotated } = await played(naiveReplacement, 'tokens of a project', disturbance);
  expect([struck, rotated.done]).toEqual([true, true]);
  expect(left).toEqual({ access: 2, deploy: 0, byHand: 1 });
});
