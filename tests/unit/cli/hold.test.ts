import { holdLines } from '../../../cli/hold-lines.ts';
import { hold, release } from '../../../cli/hold.ts';
import type { Hold } from '../../../lib/domain/order.ts';
import { before, losingAnswers } from '../../support/memory-faults.ts';
import { project } from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const web = { project, name: 'web' };
const mine: Hold = { kind: 'explicit', since: '2026-01-05T12:00:00Z', by: 'jane' };
const others: Hold = { kind: 'explicit', since: '2026-01-04T12:00:00Z', by: 'joe', because: 'a migration' };
const rollbacks: Hold = { kind: 'rollback', since: '2026-01-04T12:00:00Z', by: 'job 7' };

const world = (held?: Hold) => {
  const here = operatorWorld();
  here.journal.orders.set('4711/web', {
    version: 1,
    newestSeen: [9, 9],
    ...(held === undefined ? {} : { hold: held }),
  });
  return { ...here, order: () => here.journal.orders.get('4711/web') };
};

test('a target is held, by the caller since now, with the reason', async () => {
  const { ports, order } = world();
  const output = await hold(ports)({ target: web, because: 'until Friday' });
  expect(order()).toEqual({ version: 2, newestSeen: [9, 9], hold: { ...mine, because: 'until Friday' } });
  expect(holdLines(output)).toMatchObject({
    lines: ['4711/web is held by jane since 2026-01-05T12:00:00Z: until Friday; before, it was not held'],
    code: 0,
  });
});

test('one that was never deployed can be held too', async () => {
  const { ports, journal } = operatorWorld();
  await hold(ports)({ target: web });
  expect(journal.orders.get('4711/web')).toEqual({ version: 1, hold: mine });
});

test('who holds it already goes on holding it, and is named', async () => {
  const { ports, order } = world(others);
  const output = await hold(ports)({ target: web });
  expect(order()).toMatchObject({ version: 1, hold: others });
  expect(holdLines(output)).toMatchObject({
    lines: ['4711/web was held by joe since 2026-01-04T12:00:00Z: a migration; nothing was changed'],
    code: 0,
  });
});

test("a rollback's hold becomes one that stays", async () => {
  const { ports, order } = world(rollbacks);
  const output = await hold(ports)({ target: web });
  expect(order()?.hold).toEqual(mine);
  expect(holdLines(output).lines[0]).toContain('before, it was held by a rollback by job 7');
});

test.each([
  ['ops', others],
  ['a rollback', rollbacks],
])('release ends a hold of %s', async (_whose, held) => {
  const { ports, order } = world(held);
  expect(await release(ports)({ target: web })).toMatchObject({ state: 'released', before: held });
  expect(order()).toEqual({ version: 2, newestSeen: [9, 9] });
});

test('release of what is not held changes nothing, however often', async () => {
  const { ports, order } = world();
  const output = await release(ports)({ target: web });
  expect(holdLines(output)).toMatchObject({ lines: ['4711/web was not held; nothing was changed'], code: 0 });
  expect(order()?.version).toBe(1);
});

test('a hold whose answer was lost is there, and told again changes nothing', async () => {
  const { ports, order } = world();
  const once = hold({ ...ports, journal: losingAnswers(ports.journal, 'writeQueue') });
  await expect(once({ target: web })).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(await once({ target: web })).toMatchObject({ state: 'unchanged', now: mine });
  expect(order()?.version).toBe(2);
});

test('a deployment that is seen meanwhile is not lost', async () => {
  const { ports, order } = world();
  const journal = before(ports.journal, 'writeQueue', () => {
    ports.journal.orders.set('4711/web', { version: 2, newestSeen: [10, 1] });
  });
  expect(await hold({ ...ports, journal })({ target: web })).toMatchObject({ state: 'held' });
  expect(order()).toEqual({ version: 3, newestSeen: [10, 1], hold: mine });
});

test("release does not end somebody's newer hold", async () => {
  const { ports, order } = world(rollbacks);
  const journal = before(ports.journal, 'writeQueue', () => {
    ports.journal.orders.set('4711/web', { version: 2, hold: others });
  });
  const output = await release({ ...ports, journal })({ target: web });
  expect(holdLines(output)).toMatchObject({
    lines: ['4711/web: somebody else changes its hold; nothing was written'],
    code: 1,
  });
  expect(order()?.hold).toEqual(others);
});

test('an item that changes at every try is left', async () => {
  const { ports } = world();
  const journal = { ...ports.journal, writeQueue: () => Promise.resolve(false) };
  expect(await hold({ ...ports, journal })({ target: web })).toMatchObject({ state: 'refused' });
});

test('a target that there is not, or that cannot be used, is refused', async () => {
  const { ports } = world();
  ports.targets.broken.push({ project, name: 'api', problems: ['image: must be …'] });
  const refused = await Promise.all(['gone', 'api'].map((name) => hold(ports)({ target: { project, name } })));
  expect(refused).toMatchObject([
    { state: 'refused', because: 'there is no target 4711/gone' },
    { state: 'refused', because: 'the target cannot be used, and deploys nothing' },
  ]);
});
