import type { Cause } from '../../../lib/domain/cause.ts';
import {
  deployedJob,
  freshOrder,
  seenOrder,
  settledOrder,
  standing,
  type TargetOrder,
} from '../../../lib/domain/order.ts';
import {
  end,
  found,
  imageCause,
  jobCause,
  olderDigest,
  operatorCause,
  operatorOfDeployment,
  operatorOfTag,
  pipelineCause,
  record,
} from '../../support/samples.ts';

const noon = '2026-01-05T12:00:00Z';
const before = '2026-01-05T11:59:59Z';
const after = '2026-01-05T12:00:01Z';

const order = (change: Partial<TargetOrder> = {}): TargetOrder => ({
  version: 3,
  newestDeployed: [90005, 5],
  newestSeen: [90005, 5],
  ...change,
});
const asked = (key: number[], cause: Cause = pipelineCause, askedAt = after) => record({ key, cause, askedAt });
const rollback = (askedAt = after) => asked([90001, 700009, 1], { ...jobCause, job: 700009 }, askedAt);
const held = (kind: 'rollback' | 'explicit') => order({ hold: { kind, since: noon, by: 'job 1' } });
const inOrder = { precedence: 'order' };
/** What is last deployed once this one is. */
const last = ({ cause, askedAt }: ReturnType<typeof asked>) => ({ last: { kind: cause.kind, askedAt } });

describe('order', () => {
  test('what is older than the newest that was deployed is outdated', () => {
    expect(standing(order(), asked([90004, 9]), undefined)).toEqual({ ends: 'outdated', because: '90005/5 is newer' });
  });

  test('equal and newer is in order, and so is the first one ever', () => {
    for (const key of [
      [90005, 5],
      [90005, 6],
      [90006, 1],
    ])
      expect(standing(order(), asked(key), undefined)).toEqual(inOrder);
    expect(standing(freshOrder, asked([1, 1]), undefined)).toEqual(inOrder);
  });

  test('that a newer one was seen and not deployed makes nothing outdated', () => {
    expect(standing(order({ newestSeen: [90009, 1] }), asked([90006, 1]), undefined)).toEqual(inOrder);
  });
});

describe('an image that is older than what was deployed', () => {
  const pushed = (digest: string) =>
    order({ newestDeployed: [1_767_606_000_123], last: { kind: 'image', askedAt: noon, digest } });
  const older = asked([1_767_606_000_122], imageCause);

  test('and is that very image is deployed already: it was found before its event came', () => {
    expect(standing(pushed(imageCause.digest), older, undefined)).toMatchObject({ ends: 'already deployed' });
  });

  test('and is another is outdated', () => {
    expect(standing(pushed(olderDigest), older, undefined)).toMatchObject({ ends: 'outdated' });
  });

  test('when it is newer and the same, the service itself is looked at', () => {
    const newer = asked([1_767_606_000_124], imageCause);
    expect(standing(pushed(imageCause.digest), newer, undefined)).toEqual(inOrder);
  });
});

describe("GitLab's rollback button", () => {
  test('goes back to a pipeline that was deployed here by an earlier job', () => {
    expect(standing(order(), rollback(), 700001)).toEqual({ precedence: 'rollback' });
  });

  test('goes back to what an operator deployed', () => {
    expect(standing(order(), rollback(), 0)).toEqual({ precedence: 'rollback' });
  });

  test.each([
    ['an old pipeline that was never deployed here, retried', undefined],
    ['the same job once more', 700009],
    ['a job that is older than the one that deployed it', 700010],
  ])('is not what this is: %s', (_what, jobBefore) => {
    expect(standing(order(), rollback(), jobBefore)).toMatchObject({ ends: 'outdated' });
  });

  test('is not an old pipeline that succeeds again, for a manual job was played late', () => {
    expect(standing(order(), asked([90001, 99]), 700001)).toMatchObject({ ends: 'outdated' });
  });
});

describe("a rollback's hold", () => {
  test.each([
    ['a newer pipeline that finished after it', asked([90006, 1], pipelineCause, after), inOrder],
    ['a further rollback', rollback(after), { precedence: 'rollback' }],
    ['an operator', asked([], operatorCause, before), { precedence: 'operator' }],
  ])('is passed by %s', (_what, one, stands) => {
    expect(standing(held('rollback'), one, 700001)).toEqual(stands);
  });

  test.each([
    ['a newer pipeline that had finished before it', asked([90006, 1], pipelineCause, before)],
    ['one that finished in that very second', asked([90006, 1], pipelineCause, noon)],
    ['a rollback that was asked before it', rollback(before)],
  ])('is not passed by %s', (_what, one) => {
    expect(standing(held('rollback'), one, 700001)).toEqual({
      ends: 'held',
      because: 'held (rollback) by job 1 since 2026-01-05T12:00:00Z',
    });
  });

  test('is not passed by what is older than one that was seen, and is by the newest seen when it comes again', () => {
    const seen = { ...held('rollback'), newestSeen: [90009, 1] };
    expect(standing(seen, asked([90008, 1]), undefined)).toMatchObject({ ends: 'held' });
    expect(standing(seen, asked([90009, 1]), undefined)).toEqual(inOrder);
  });

  test('does not make an outdated one held', () => {
    expect(standing(held('rollback'), asked([90001, 1]), undefined)).toMatchObject({ ends: 'outdated' });
  });

  test('is passed on a target where nothing was seen', () => {
    const hold = { kind: 'rollback', since: noon, by: 'ops' } as const;
    expect(standing({ version: 1, hold }, asked([1, 1]), undefined)).toEqual(inOrder);
  });
});

describe('an explicit hold', () => {
  test.each([
    ['a newer pipeline', asked([90006, 1])],
    ['a rollback', rollback()],
  ])('stops %s', (_what, one) => {
    expect(standing(held('explicit'), one, 700001)).toMatchObject({ ends: 'held' });
  });

  test('lets an operator pass', () => {
    expect(standing(held('explicit'), asked([], operatorCause), undefined)).toEqual({ precedence: 'operator' });
  });
});

describe('seen', () => {
  test('is what is newer than all before', () => {
    expect(seenOrder(order(), asked([90006, 1]))).toEqual(order({ newestSeen: [90006, 1] }));
    expect(seenOrder(freshOrder, asked([1, 1]))).toEqual({ version: 0, newestSeen: [1, 1] });
  });

  test.each([[[90005, 5]], [[90004, 9]], [[]]])('is not, and the order is the same value: %p', (key) => {
    const same = order();
    expect(seenOrder(same, asked(key))).toBe(same);
  });

  test('of an operator nothing is seen, also on a fresh target', () => {
    expect(seenOrder(freshOrder, asked([], operatorCause))).toBe(freshOrder);
  });
});

describe('an end', () => {
  const deployed = end();

  test.each(['deployed', 'already deployed'] as const)('as %s moves the order on and ends a hold', (outcome) => {
    const one = asked([90006, 1]);
    const settled = settledOrder(held('rollback'), one, end({ outcome }));
    expect(settled).toEqual({ version: 3, newestSeen: [90005, 5], newestDeployed: [90006, 1], ...last(one) });
  });

  test.each(['failed', 'outdated', 'superseded', 'held'] as const)('as %s leaves it as it is', (outcome) => {
    expect(settledOrder(order(), asked([90006, 1]), end({ outcome }))).toBeUndefined();
    expect(deployedJob({ cause: jobCause }, end({ outcome }))).toBeUndefined();
  });

  test('of a rollback never moves the order back, and holds the target since it was asked', () => {
    expect(settledOrder(order(), rollback(), deployed)).toEqual(
      order({ hold: { kind: 'rollback', since: after, by: 'job 700009' }, ...last(rollback()) }),
    );
  });

  test('of a pipeline that became old while it rolled out holds the target as well', () => {
    expect(settledOrder(order(), asked([90001, 1]), deployed)?.hold?.by).toBe('pipeline 90001');
  });

  test('of a further rollback renews the hold', () => {
    expect(settledOrder(held('rollback'), rollback(), deployed)?.hold?.since).toBe(after);
  });

  test("of an operator's has the newest key that was seen, and ends every hold", () => {
    const seen = order({ newestSeen: [90009, 1], hold: { kind: 'explicit', since: noon, by: 'ops' } });
    const forward = asked([], { ...operatorCause, pipeline: 90005 });
    expect(settledOrder(seen, forward, deployed)).toEqual(
      order({ newestSeen: [90009, 1], newestDeployed: [90009, 1], ...last(forward) }),
    );
  });

  test.each([
    ['what GitLab finished', asked([90006, 1], undefined, after)],
    ['a rollback', rollback()],
    ['an operator, whose word came before', asked([], { ...operatorCause, pipeline: 90004 }, noon)],
  ])('of %s keeps an explicit hold that was set meanwhile', (_what, record) => {
    const { hold } = held('explicit');
    expect(settledOrder(held('explicit'), record, deployed)?.hold).toEqual(hold);
  });

  test("of an operator's that goes back holds the target, by the operator's name", () => {
    const back = asked([], { ...operatorCause, pipeline: 90004 }, noon);
    expect(settledOrder(order(), back, deployed)).toEqual(
      order({ hold: { kind: 'rollback', since: noon, by: 'ops' }, ...last(back) }),
    );
  });

  test("of an operator's that names an earlier deployment always holds the target", () => {
    const hold = { kind: 'rollback', since: operatorOfDeployment.at, by: 'ops' };
    const back = asked([], operatorOfDeployment, operatorOfDeployment.at);
    expect(settledOrder(order(), back, deployed)).toEqual(order({ hold, ...last(back) } as Partial<TargetOrder>));
    expect(settledOrder(freshOrder, back, end({ outcome: 'already deployed' }))).toEqual({
      ...{ version: 0, hold },
      ...last(back),
    });
  });

  test("of an operator's on a fresh target leaves no key", () => {
    const one = asked([], operatorCause);
    expect(settledOrder(freshOrder, one, deployed)).toStrictEqual({ version: 0, ...last(one) });
  });

  test("of an operator's tag holds nothing, whatever was deployed: nobody knows the tag's age", () => {
    const pushed = order({ newestDeployed: [1_767_606_000_123], newestSeen: [1_767_606_000_123] });
    const one = asked([], operatorOfTag);
    expect(settledOrder(pushed, one, deployed)).toEqual({ ...pushed, ...last(one) });
  });

  test('of an image moves the order to when it was pushed, and names its digest', () => {
    expect(settledOrder(freshOrder, asked([1_767_606_000_123], imageCause), deployed)).toEqual({
      version: 0,
      newestDeployed: [1_767_606_000_123],
      last: { kind: 'image', askedAt: after, digest: imageCause.digest },
    });
  });

  test('of any other cause names the digest that was found for it', () => {
    const { last: one } = settledOrder(freshOrder, { ...asked([90006, 1]), found }, deployed) ?? {};
    expect(one).toEqual({ kind: 'pipeline', askedAt: after, digest: found.digest });
  });

  test('of the twin of an image that was deployed leaves the order, and an explicit hold, as they are', () => {
    const pushed = order({ newestDeployed: [1_767_606_000_123], hold: { kind: 'explicit', since: noon, by: 'ops' } });
    const twin = asked([1_767_606_000_122], imageCause);
    expect(settledOrder(pushed, twin, end({ outcome: 'already deployed' }))).toBeUndefined();
  });

  test('remembers by which job a pipeline was deployed, and that an operator did it by none', () => {
    expect(deployedJob({ cause: jobCause }, deployed)).toEqual({ pipeline: 90001, job: 700001 });
    expect(deployedJob({ cause: operatorCause }, end({ outcome: 'already deployed' }))).toEqual({
      pipeline: 90001,
      job: 0,
    });
    for (const cause of [pipelineCause, imageCause, operatorOfTag, operatorOfDeployment])
      expect(deployedJob({ cause }, deployed)).toBeUndefined();
  });
});
