import { executionName, maxAttempts } from '../../../lib/domain/cause.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { reconcileWorld, type ReconcileWorld } from '../../support/reconcile-world.ts';
import {
  digest,
  end,
  imageTarget,
  jobFacts,
  jobTarget,
  olderDigest,
  project,
  tagTarget,
  target,
  without,
} from '../../support/samples.ts';

const stable = imageTarget({ on: { kind: 'image', repository: 'acme/web/app', tag: 'stable' } });
const started = ({ told }: ReconcileWorld) => told.started.length;

/** Nothing is begun, however often it is looked at. */
const quiet = async (world: ReconcileWorld): Promise<void> => {
  const before = started(world);
  for (let run = 0; run < 3; run += 1) {
    world.pass(10);
    await world.reconcile();
    await world.playAll();
  }
  expect(started(world)).toBe(before);
};

describe('a pipeline whose hook was lost', () => {
  test('is started, as its hook would have started it, and that is told', async () => {
    const world = reconcileWorld(target());
    const facts = world.succeed(90001);
    expect(await world.reconcile()).toEqual({ targets: 1, unaskable: 0, behind: 0, started: 1 });
    const cause = { kind: 'pipeline' as const, project, pipeline: 90001, finishedAt: facts.finishedAt ?? '' };
    const name = executionName(target(), cause, 1);
    expect(world.told.started).toEqual([`4711/web ${name}`]);
    expect(world.workflows.executions.get(name)?.input).toEqual({ target: { project, name: 'web' }, cause });
    expect(await world.tell(facts)).toMatchObject({ started: [{ execution: name }] });
    await world.playAll();
    expect(world.ends()).toEqual(['deployed']);
    await quiet(world);
  });

  test('and was told after all in the meantime is not started, nor counted', async () => {
    const world = reconcileWorld(target());
    await world.tell(world.succeed(90001));
    expect(await world.reconcile()).toMatchObject({ started: 0 });
    await world.playAll();
    await quiet(world);
  });

  test('costs one question for the list and one for itself; what is known costs no second', async () => {
    const world = reconcileWorld(target(), target({ name: 'api' }));
    world.succeed(90001);
    const asked: number[] = [];
    const { pipeline } = world.ports.gitlab;
    world.ports.gitlab.pipeline = (of, id) => {
      asked.push(id);
      return pipeline(of, id);
    };
    await world.reconcile();
    await world.playAll();
    expect([world.lists.asked, asked]).toEqual([['4711 pipelines {"ref":"main"} 1'], [90001]]);
    await quiet(world);
    expect([world.lists.asked.length, asked.length]).toEqual([4, 1]);
  });

  test('the newest alone is made good', async () => {
    const world = reconcileWorld(target());
    for (const id of [90001, 90002, 90003]) world.succeed(id);
    world.succeed(90004, { status: 'failed' });
    await world.reconcile();
    await world.playAll();
    expect(world.rolledOut).toEqual([expect.stringContaining(world.imageOf(90003))]);
    await quiet(world);
  });

  test.each([
    ["a merge request's", { mergeRequest: true, ref: 'refs/merge-requests/1/head', source: 'merge_request_event' }],
    ['a tag of the same name', { tag: true }],
    ['of another source', { source: 'schedule' }],
    ["another branch's", { ref: 'topic' }],
  ])('one that does not fit does not hide it: %s', async (_what, change) => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    world.succeed(90002, change);
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['deployed']);
    expect(world.live.get('4711/web')).toContain(world.imageOf(90001));
    await quiet(world);
  });

  test('of branches by a pattern, of tags, each by its own list', async () => {
    const release = target({ name: 'release', on: { kind: 'pipeline', ref: 'release-*', sources: ['push'] } });
    const world = reconcileWorld(release, tagTarget({ name: 'tagged' }));
    for (const ref of ['branch release-2', 'tag v2']) world.gitlab.refs.set(ref, true);
    world.succeed(90001, { ref: 'release-2' });
    world.succeed(90002, { ref: 'v2', tag: true });
    world.succeed(90003);
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['deployed', 'deployed']);
    expect(world.lists.asked).toEqual(['4711 pipelines {} 1', '4711 pipelines {"scope":"tags"} 1']);
    await quiet(world);
  });

  test('is found on a later page, and looked for on five', async () => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    for (let id = 0; id < 350; id += 1) world.succeed(90002 + id, { source: 'schedule' });
    await world.reconcile();
    expect([started(world), world.lists.asked.length]).toEqual([1, 4]);
    for (let id = 350; id < 550; id += 1) world.succeed(90002 + id, { source: 'schedule' });
    world.lists.asked.length = 0;
    await world.reconcile();
    expect(world.lists.asked).toHaveLength(5);
  });
});

describe('what the journal has seen end', () => {
  const failsWith = async (world: ReconcileWorld, failure: string) => {
    await world.reconcile();
    const name = [...world.workflows.executions.keys()].at(-1) ?? '';
    world.workflows.end(name, failure);
    return name;
  };

  test.each(['RolloutFailed', 'TIMED_OUT'])('is not started again after %s', async (failure) => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    await failsWith(world, failure);
    await quiet(world);
  });

  test('is started again, five times in all, after an end that wrote nothing', async () => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) await failsWith(world, 'ImageMissing');
    expect(new Set(world.told.started).size).toBe(maxAttempts);
    await quiet(world);
  });

  test('is not started again when Step Functions has forgotten it, 90 days later', async () => {
    const world = reconcileWorld(target());
    const hold = { kind: 'explicit' as const, since: world.iso(), by: 'ops' };
    world.journal.orders.set('4711/web', { version: 1, hold });
    world.succeed(90001);
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['held']);
    world.workflows.executions.clear();
    await quiet(world);
    expect(world.workflows.executions.size).toBe(0);
  });

  test('and that failed for good is not started again either, 90 days later', async () => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    await world.reconcile();
    await world.playAll();
    const failed = end({ outcome: 'failed', failure: 'RolloutFailed' });
    for (const [name, record] of world.journal.records) world.journal.records.set(name, { ...record, end: failed });
    world.journal.orders.clear();
    world.workflows.executions.clear();
    await quiet(world);
  });

  test('has begun, while its record has no end, whatever Step Functions knows', async () => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    await world.reconcile();
    await world.playAll();
    for (const [name, record] of world.journal.records) world.journal.records.set(name, without(record, 'end'));
    world.journal.orders.clear();
    world.workflows.executions.clear();
    await world.reconcile();
    expect(world.workflows.executions.size).toBe(0);
  });
});

describe("a person's word stands", () => {
  /** 90001 and 90002 deployed; then an operator went back to the first. */
  const wentBack = async (...lost: number[]) => {
    const world = reconcileWorld(target());
    for (const id of [90001, 90002]) {
      await world.tell(world.succeed(id));
      await world.playAll();
    }
    for (const id of lost) world.succeed(id);
    await world.operate(target(), 90001);
    expect(world.live.get('4711/web')).toContain(world.imageOf(90001));
    return world;
  };
  const standsAt = (world: ReconcileWorld, pipeline: number) => {
    expect(world.live.get('4711/web')).toContain(world.imageOf(pipeline));
  };

  test('against the reconciler, a resent hook, and one lost before it; a newer pipeline goes on', async () => {
    const world = await wentBack(90003);
    await quiet(world);
    standsAt(world, 90001);
    for (const id of [90002, 90003]) {
      await world.tell(world.gitlab.pipelines.get(id) as never);
      await world.playAll();
    }
    await quiet(world);
    standsAt(world, 90001);
    expect(world.ends().at(-1)).toBe('held');
    world.succeed(90004);
    await world.reconcile();
    await world.playAll();
    standsAt(world, 90004);
  });

  test('also when the lost one is started before the operator is through: it is held', async () => {
    const world = await wentBack();
    const { since = '' } = world.orderOf(target())?.hold ?? {};
    await world.tell(world.succeed(90003, { finishedAt: since }));
    await world.playAll();
    expect(world.ends().at(-1)).toBe('held');
    await quiet(world);
    standsAt(world, 90001);
  });

  test('when the operator did not go back, but a lost pipeline was there by then', async () => {
    const world = reconcileWorld(target());
    await world.tell(world.succeed(90001));
    await world.playAll();
    world.succeed(90002);
    await world.operate(target(), 90001);
    await quiet(world);
    standsAt(world, 90001);
    world.succeed(90003);
    await world.reconcile();
    await world.playAll();
    standsAt(world, 90003);
  });

  test('until the newest pipeline succeeds once more after it, its hook lost as well', async () => {
    const world = await wentBack();
    world.succeed(90002);
    await world.reconcile();
    await world.playAll();
    standsAt(world, 90002);
    await quiet(world);
  });
});

describe('a job whose hook was lost', () => {
  const deploy = (world: ReconcileWorld, job: number, pipeline: number) => {
    world.succeed(pipeline, { status: 'running' });
    return world.finish(jobFacts({ job, pipeline }));
  };

  test('is started by the list alone', async () => {
    const world = reconcileWorld(jobTarget());
    deploy(world, 700001, 90001);
    world.finish(jobFacts({ job: 700002, pipeline: 90001, name: 'build' }));
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['deployed']);
    expect(world.lists.asked).toEqual(['4711 jobs 1']);
    await quiet(world);
  });

  test("a merge request's or a scheduled job of the name does not hide it", async () => {
    const world = reconcileWorld(jobTarget());
    deploy(world, 700001, 90001);
    world.succeed(90002, { source: 'schedule' });
    world.finish(jobFacts({ job: 700002, pipeline: 90002 }));
    world.succeed(90003, { source: 'merge_request_event', mergeRequest: true });
    world.finish(jobFacts({ job: 700003, pipeline: 90003, ref: 'refs/merge-requests/1/head' }));
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['deployed']);
    await quiet(world);
  });

  test('an old job played late does not hide the newest, nor is it deployed', async () => {
    const world = reconcileWorld(jobTarget());
    world.succeed(90001);
    deploy(world, 700002, 90002);
    world.finish(jobFacts({ job: 700001, pipeline: 90001 }));
    for (let run = 0; run < 2; run += 1) {
      await world.reconcile();
      await world.playAll();
    }
    expect(world.rolledOut).toHaveLength(1);
    expect(world.live.get('4711/web')).toContain(world.imageOf(90002));
    await quiet(world);
  });

  test("GitLab's rollback button: that is made good as well, and then it stands", async () => {
    const world = reconcileWorld(jobTarget());
    for (const n of [1, 2]) {
      await world.tellJob(deploy(world, 700000 + n, 90000 + n));
      await world.playAll();
    }
    world.finish(jobFacts({ job: 700009, pipeline: 90001 }));
    await world.reconcile();
    await world.playAll();
    expect(world.live.get('4711/web')).toContain(world.imageOf(90001));
    expect(world.orderOf(jobTarget())?.hold).toMatchObject({ kind: 'rollback', by: 'job 700009' });
    await quiet(world);
    deploy(world, 700010, 90003);
    await world.reconcile();
    await world.playAll();
    expect(world.live.get('4711/web')).toContain(world.imageOf(90003));
    await quiet(world);
  });

  test('a rollback from before an operator deployed is not made good', async () => {
    const world = reconcileWorld(jobTarget());
    for (const n of [1, 2]) {
      await world.tellJob(deploy(world, 700000 + n, 90000 + n));
      await world.playAll();
    }
    world.finish(jobFacts({ job: 700009, pipeline: 90001 }));
    await world.operate(jobTarget(), 90002);
    await quiet(world);
    expect(world.live.get('4711/web')).toContain(world.imageOf(90002));
  });
});

describe('a pushed image whose event was lost', () => {
  const push = (world: ReconcileWorld, of: string) => {
    world.pass(1);
    world.registry.tags.set('acme/web/app:stable', of);
    const pushedAt = world.clock().toISOString();
    return { repository: 'acme/web/app', tag: 'stable', digest: of, event: `event-${pushedAt}`, pushedAt };
  };

  test('is started once, however often it is found', async () => {
    const world = reconcileWorld(stable);
    push(world, digest);
    await world.reconcile();
    world.pass(10);
    expect(await world.reconcile()).toMatchObject({ started: 0 });
    await world.playAll();
    expect(world.ends()).toEqual(['deployed']);
    await quiet(world);
  });

  test('and comes after all is deployed already, whichever of the two came second', async () => {
    const world = reconcileWorld(stable);
    const event = push(world, digest);
    world.pass(1);
    await world.reconcile();
    await world.tellPush(event);
    await world.playAll();
    expect(world.ends()).toEqual(['deployed', 'already deployed']);
    const second = push(world, olderDigest);
    await world.tellPush(second);
    world.pass(1);
    await world.reconcile();
    await world.playAll();
    expect(world.ends().slice(2)).toEqual(['deployed', 'already deployed']);
    expect(world.rolledOut).toHaveLength(2);
    await quiet(world);
  });

  test('again and back again is each a deployment of its own', async () => {
    const world = reconcileWorld(stable);
    for (const of of [digest, olderDigest, digest]) {
      push(world, of);
      await world.reconcile();
      await world.playAll();
    }
    expect(world.rolledOut).toHaveLength(3);
  });

  test('an image that is held is not started again and again', async () => {
    const world = reconcileWorld(stable);
    world.journal.orders.set('4711/web', {
      version: 1,
      hold: { kind: 'explicit', since: world.iso(), by: 'ops' },
    });
    push(world, digest);
    await world.reconcile();
    await world.playAll();
    expect(world.ends()).toEqual(['held']);
    await quiet(world);
  });

  test('does not undo a rollback, for nobody says when the tag was moved; a push that is told of ends it', async () => {
    const world = reconcileWorld(stable);
    push(world, digest);
    await world.reconcile();
    await world.playAll();
    const before = world.journal.orders.get('4711/web');
    const last = { kind: 'operator', askedAt: world.iso(), digest: olderDigest } as const;
    const hold = { kind: 'rollback', since: world.iso(), by: 'ops' } as const;
    world.journal.orders.set('4711/web', { version: 1, ...before, last, hold });
    world.pass(10);
    expect(await world.reconcile()).toMatchObject({ started: 0 });
    await world.tellPush(push(world, digest));
    await world.playAll();
    expect(world.journal.orders.get('4711/web')).not.toHaveProperty('hold');
  });

  test('is made good once a rollback is released', async () => {
    const world = reconcileWorld(stable);
    const last = { kind: 'operator', askedAt: world.iso(), digest: olderDigest } as const;
    world.journal.orders.set('4711/web', { version: 1, last });
    push(world, digest);
    expect(await world.reconcile()).toMatchObject({ started: 1 });
  });

  test('is asked for once, whoever waits for it; by a pattern it cannot be, and that is said', async () => {
    const world = reconcileWorld(stable, { ...stable, name: 'api' }, imageTarget({ name: 'any' }));
    push(world, digest);
    expect(await world.reconcile()).toEqual({ targets: 3, unaskable: 1, behind: 0, started: 2 });
    expect(world.registry.asked).toBe(1);
  });

  test('a tag that names nothing is nothing to do', async () => {
    expect(await reconcileWorld(stable).reconcile()).toMatchObject({ started: 0, behind: 0 });
  });
});

describe('when something fails', () => {
  const down = new DeployFailure('RegistryUnavailable', 'it does not answer');
  const elsewhere = target({ project: 4712, name: 'other' });

  test('the rest of the project and the other projects are done, it is told, and the failure is raised', async () => {
    const world = reconcileWorld({ ...stable, name: 'image' }, target(), elsewhere);
    world.registry.down = down;
    world.succeed(90001);
    world.succeed(90002, { project: 4712 });
    await expect(world.reconcile()).rejects.toMatchObject({ name: 'RegistryUnavailable' });
    expect(started(world)).toBe(2);
    expect(world.told.failed).toEqual(['4711 RegistryUnavailable']);
    expect(world.cursor.written).toEqual([4712]);
  });

  test.each([[{ state: 'missing' as const }], [{ state: 'unavailable' as const, because: 'GitLab answered 503' }]])(
    'a project that GitLab says nothing of stops no other: %p',
    async (said) => {
      const world = reconcileWorld(target(), elsewhere);
      world.lists.says = [said];
      world.succeed(90002, { project: 4712 });
      await expect(world.reconcile()).rejects.toMatchObject({ name: 'GitLabUnavailable' });
      expect(world.told).toMatchObject({ failed: ['4711 GitLabUnavailable'], behind: 0 });
      expect(started(world)).toBe(1);
    },
  );

  test('a start that AWS refuses, and one whose answer is lost: the next run goes on from there', async () => {
    const world = reconcileWorld(target(), target({ name: 'api' }));
    world.succeed(90001);
    const { workflows } = world.ports;
    world.ports.workflows = failing(workflows, 'start');
    await expect(world.reconcile()).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(started(world)).toBe(1);
    world.ports.workflows = losingAnswers(workflows, 'start');
    await expect(world.reconcile()).rejects.toMatchObject({ name: 'AwsUnavailable' });
    world.ports.workflows = workflows;
    await world.reconcile();
    expect(world.workflows.executions.size).toBe(2);
  });

  test('a broken target is none, and stops no other', async () => {
    const world = reconcileWorld(target());
    world.targets.broken.push({ project, name: 'api', problems: ['image: must be …'] });
    world.succeed(90001);
    expect(await world.reconcile()).toMatchObject({ targets: 1, started: 1 });
  });
});

describe('time', () => {
  const limited = (retryAfter: number) => ({
    state: 'unavailable' as const,
    because: 'GitLab answered 429',
    retryAfter,
  });
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => target({ project: 5000 + n, name: 'web', service: `web-${n}` }));

  test('GitLab is left alone for as long as it says, when there is time for that', async () => {
    const world = reconcileWorld(target());
    world.succeed(90001);
    world.lists.says = [limited(30), limited(0)];
    expect(await world.reconcile()).toMatchObject({ started: 1, behind: 0 });
    expect(world.pauses).toEqual([30_000, 1_000]);
  });

  test('when there is none, the rest is told to be behind, and the next run begins with it', async () => {
    const world = reconcileWorld(...many(20));
    const found = 'found' as const;
    world.lists.says = [found, found, found, limited(3_600), found, limited(3_600)];
    expect(await world.reconcile()).toMatchObject({ started: 0 });
    expect(world.pauses).toEqual([]);
    expect(world.told.behind).toBeGreaterThanOrEqual(14);
    expect(world.cursor.written).toEqual([5002]);
    world.lists.asked.length = 0;
    await world.reconcile();
    expect(world.lists.asked[0]).toContain('5003 ');
    expect(world.lists.asked.at(-1)).toContain('5002 ');
    expect(world.lists.asked).toHaveLength(20);
  });

  test('an invocation that ends hands on after each hundred targets; all are asked within a few', async () => {
    const world = reconcileWorld(...many(250));
    const asked = new Set<string>();
    let left = 0;
    world.ports.remaining = () => {
      left -= 100;
      return left;
    };
    for (let run = 0; run < 4; run += 1) {
      left = 45_000 + 120 * 100;
      await world.reconcile();
      for (const question of world.lists.asked) asked.add(question);
    }
    expect(asked.size).toBe(250);
    expect(world.told.behind).toBeGreaterThan(0);
  });

  test('that is over before anything was asked for leaves everything as it is', async () => {
    const world = reconcileWorld(target());
    world.ports.remaining = () => 44_000;
    expect(await world.reconcile()).toMatchObject({ behind: 1 });
    expect([world.lists.asked, world.cursor.written]).toEqual([[], []]);
  });

  test('one project by name is asked for alone', async () => {
    const world = reconcileWorld(...many(3));
    expect(await world.reconcile({ project: 5001 })).toMatchObject({ targets: 1 });
    expect(world.lists.asked).toHaveLength(1);
  });
});
