import { DeployFailure } from '../../../lib/domain/failure.ts';
import { memoryProjectHooks } from '../../support/memory-project-hooks.ts';
import { jobTarget, target } from '../../support/samples.ts';
import { raisedBy } from '../adapters/canned-answers.ts';
import { startTending, type TendingWorld } from './tending-world.ts';

let world: TendingWorld;
beforeEach(async () => {
  world = await startTending();
});
afterEach(() => world.double.close());

const project = 4711;
const resendRoute = 'POST /projects/*/hooks/*/events/*/resend';
const well = { missing: 0, notExecutable: 0, broughtBack: 0, resent: 0, throttled: 0, behind: 0 };

/** Four failures in a row, by pipelines that deploy nothing: GitLab disables the hook. */
const disable = async (of = project): Promise<void> => {
  for (let failure = 0; failure < 4; failure += 1) await failOnce(of);
};
const failOnce = (of = project): Promise<void> =>
  world.whileAnswering(500, () => world.double.control.runPipeline({ project: of, jobs: [], status: 'failed' }));
/** One of a pipeline that deploys nothing, taken. */
const arrive = (): Promise<void> =>
  world.whileAnswering(202, () => world.double.control.runPipeline({ project, jobs: [], status: 'failed' }));
const statusOf = async (hook: number, of = project): Promise<unknown> => {
  const { body } = await world.double.api(`GET /projects/${of}/hooks/${hook}`);
  return (body as { alert_status: string }).alert_status;
};
/** What the door got: pipelines by their ids, else the event. */
const got = (): (number | string)[] =>
  world.double.receiver.received.map(({ headers, body }) => {
    const said = JSON.parse(body) as { object_attributes?: { id: number } };
    return said.object_attributes?.id ?? String(headers['x-gitlab-event']);
  });
const gotSince = (from: number) => got().slice(from);

describe('a hook', () => {
  test('that is well is left alone, and nought is shown', async () => {
    await world.addProject(project);
    await world.succeed(project, 202);
    expect(await world.tend()).toEqual(well);
    expect(world.shown).toEqual(['0 not executable']);
    expect(await world.asked()).toEqual([]);
  });

  test('that is missing is counted, and not made', async () => {
    await world.addProject(project, { hook: false });
    await world.double.control.installHook({ project, url: 'https://another.example/hook' });
    expect(await world.tend()).toEqual({ ...well, missing: 1 });
    expect(world.shown).toEqual(['0 not executable', '1 missing']);
    expect((await world.double.api(`GET /projects/${project}/hooks`)).body).toHaveLength(1);
  });

  test('is not missed where targets wait for images only, nor asked for', async () => {
    await world.addProject(project, { hook: false, target: { on: { kind: 'image', repository: 'a/b', tag: 'v*' } } });
    expect(await world.tend()).toEqual(well);
    const { length } = (await world.double.control.requests()).filter(({ path }) => path.includes('/hooks'));
    expect(length).toBe(0);
  });

  test('of others is never tested', async () => {
    const { receiver, control } = world.double;
    await world.addProject(project, { hook: false });
    const { id } = await control.installHook({ project, url: `${receiver.url}/theirs`, pipelineEvents: true });
    await disable();
    expect(await statusOf(id)).toBe('temporarily_disabled');
    expect(await world.tend()).toEqual({ ...well, missing: 1 });
    expect(await statusOf(id)).toBe('temporarily_disabled');
  });

  test('of a GitLab that does not tell its state is left alone', async () => {
    const { list } = world.ports.hooks;
    world.ports.hooks.list = async (of) => (await list(of)).map((hook) => ({ ...hook, alertStatus: undefined }));
    await world.addProject(project);
    await disable();
    expect(await world.tend()).toEqual(well);
    expect(await world.asked()).toEqual([]);
  });
});

describe('a disabled hook', () => {
  test('is tested by a push, not by a pipeline, and is back; from then on it is well', async () => {
    const hook = await world.addProject(project);
    await disable();
    const lost = await world.succeed(project, 202);
    expect(got()).not.toContain(lost);
    expect(await world.tend()).toEqual({ ...well, broughtBack: 1 });
    expect(await world.asked()).toEqual([`POST /${project}/hooks/${hook}/test/push_events`]);
    expect(got().at(-1)).toBe('Push Hook');
    expect(await statusOf(hook)).toBe('executable');
    const next = await world.succeed(project, 202);
    expect(got().at(-1)).toBe(next);
  });

  test('stays shown while the door fails, and no longer when it is back', async () => {
    const hook = await world.addProject(project);
    await disable();
    world.double.receiver.answer.status = 503;
    expect(await world.tend()).toEqual({ ...well, notExecutable: 1 });
    expect(await statusOf(hook)).toBe('temporarily_disabled');
    world.double.receiver.answer.status = 202;
    await world.tend();
    expect(world.shown).toEqual(['1 not executable', '0 not executable']);
  });

  test('of a project without a push cannot be tested, and stays shown', async () => {
    await world.addProject(project);
    await disable();
    await world.double.control.deleteBranch({ project, ref: 'main' });
    expect(await world.tend()).toEqual({ ...well, notExecutable: 1 });
  });

  test.each([401, 403, 404, 500, 502])(
    'whose test GitLab answers with %i is shown, and the run fails',
    async (status) => {
      await world.addProject(project);
      await disable();
      const fault = { kind: 'error', status } as const;
      // After a 401 it is asked once more.
      await world.double.control.setFault({ route: 'POST /projects/*/hooks/*/test/*', times: 2, fault });
      const name = status < 500 ? 'OutOfReach' : 'GitLabUnavailable';
      expect(await raisedBy(world.tend)).toMatchObject({ name });
      expect(world.shown).toEqual(['1 not executable']);
    },
  );

  test('takes two tests of a project in a run, of more hooks than two: the third is for the next', async () => {
    await world.addProject(project);
    for (let more = 0; more < 2; more += 1)
      await world.double.control.installHook({ project, url: world.double.receiver.url, pipelineEvents: true });
    await disable();
    expect(await world.tend()).toEqual({ ...well, broughtBack: 2, notExecutable: 1 });
    expect(await world.tend()).toEqual({ ...well, broughtBack: 1 });
  });
});

describe('an event that failed', () => {
  test.each([500, 503, 'none'] as const)('with %s is sent again, once, when the door is back', async (status) => {
    await world.addProject(project);
    const pipeline = await world.succeed(project, status);
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
    expect(got()).toEqual([pipeline, pipeline]);
    const [first, again] = world.double.receiver.received;
    expect(again?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    // The journal has not seen it yet: a deployment takes its time.
    expect(await world.tend()).toEqual(well);
  });

  test('always: sent again once, not for ever, and the hook is not disabled by it', async () => {
    const hook = await world.addProject(project);
    const pipeline = await world.succeed(project, 500);
    world.double.receiver.answer.status = 500;
    for (let run = 0; run < 5; run += 1) await world.tend();
    expect(got()).toEqual([pipeline, pipeline]);
    expect(await statusOf(hook)).toBe('executable');
  });

  test.each([400, 401, 404, 413])('with %i was refused, and is not sent again', async (status) => {
    await world.addProject(project);
    await world.succeed(project, status);
    expect(await world.tend()).toEqual(well);
    expect(await world.asked()).toEqual([]);
  });

  test('that the journal knows, or a newer one, is not sent again', async () => {
    await world.addProject(project);
    world.saw(project, await world.succeed(project, 500));
    expect(await world.tend()).toEqual(well);
    expect(world.ports.hookJournal.claimed.size).toBe(0);
  });

  test('that only one of its two targets has seen is sent again', async () => {
    await world.addProject(project);
    await world.addProject(project, { hook: false, target: { name: 'second' } });
    world.ports.journal.orders.set(`${project}/web`, { version: 1, newestSeen: [9e6, 4e9] });
    await world.succeed(project, 500);
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
  });

  test.each([
    ['a pipeline that failed', { status: 'failed' }],
    ['a merge request', { mergeRequest: {} }],
    ['another branch', { ref: 'topic' }],
    ['a schedule', { source: 'schedule' }],
  ])('and deploys nothing, of %s, is not sent again', async (_of, run) => {
    await world.addProject(project);
    await world.double.control.push({ project, ref: 'topic' });
    await world.whileAnswering(500, () => world.double.control.runPipeline({ project, jobs: [], ...run }));
    expect(await world.tend()).toEqual(well);
  });

  test('of a job is sent again as well', async () => {
    await world.addProject(project, { target: { on: jobTarget().on } });
    const jobs = [{ name: 'deploy-prod' }];
    await world.whileAnswering('none', () => world.double.control.runPipeline({ project, jobs }));
    // The pipeline's own hook has failed too, and two in a row are too many.
    await arrive();
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
    expect(world.double.receiver.received.at(-1)?.headers['x-gitlab-event']).toBe('Job Hook');
  });

  test('that cannot be read is none of ours', async () => {
    const hook = await world.addProject(project);
    const body = JSON.stringify({ oversize: true });
    await world.whileAnswering(500, () => world.double.control.sendRaw({ hook, body, trigger: 'pipeline_events' }));
    expect(await world.tend()).toEqual(well);
  });

  test('of seven days ago is left to rest', async () => {
    await world.addProject(project);
    await world.succeed(project, 500);
    const { failed } = world.ports.log;
    const kept = await failed(project, (await world.ports.hooks.list(project))[0]?.id ?? 0);
    world.ports.log.failed = () => Promise.resolve(kept);
    world.double.clock.advance(7 * 86_400_000 + 1_000);
    expect(await world.tend()).toEqual(well);
    world.double.clock.advance(-2_000);
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
  });
});

describe('of several events', () => {
  test('the newest of the target is sent, and no older one, also not in later runs', async () => {
    await world.addProject(project);
    await world.succeed(project, 500);
    await world.succeed(project, 202);
    const newest = await world.succeed(project, 500);
    const before = got().length;
    await world.tend();
    await world.tend();
    expect(gotSince(before)).toEqual([newest]);
  });

  test('two a run: of three targets the newest two causes come first', async () => {
    const names = ['one', 'two', 'three'];
    for (const [index, name] of names.entries())
      await world.addProject(project, {
        hook: index === 0,
        target: { name, on: { kind: 'pipeline', ref: name, sources: ['push'] } },
      });
    const { control } = world.double;
    const ids: number[] = [];
    for (const ref of names) {
      await control.push({ project, ref });
      await world.whileAnswering(500, async () => ids.push((await control.runPipeline({ project, ref, jobs: [] })).id));
      await arrive();
    }
    const before = got().length;
    expect(await world.tend()).toMatchObject({ resent: 2 });
    expect(await world.tend()).toMatchObject({ resent: 1 });
    expect(gotSince(before)).toEqual([ids[2], ids[1], ids[0]]);
  });

  test('nothing is sent over a hook whose newest two have failed; one success, and it is', async () => {
    await world.addProject(project);
    const lost = await world.succeed(project, 500);
    await failOnce();
    expect(await world.tend()).toEqual(well);
    await arrive();
    const before = got().length;
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
    expect(gotSince(before)).toEqual([lost]);
  });

  test('a hook that is back is sent what it told in vain in the same run', async () => {
    await world.addProject(project);
    const lost = await world.succeed(project, 500);
    await disable();
    const before = got().length;
    expect(await world.tend()).toEqual({ ...well, broughtBack: 1, resent: 1 });
    expect(gotSince(before)).toEqual(['Push Hook', lost]);
  });

  test('after one that fails nothing more is sent in that run', async () => {
    await world.addProject(project, { target: { name: 'one' } });
    await world.addProject(project, {
      hook: false,
      target: { name: 'two', on: { kind: 'pipeline', ref: 'two', sources: ['push'] } },
    });
    await world.succeed(project, 500);
    await world.succeed(project, 202);
    const { control } = world.double;
    await control.push({ project, ref: 'two' });
    await world.whileAnswering(500, () => control.runPipeline({ project, ref: 'two', jobs: [] }));
    const before = got().length;
    await world.whileAnswering(500, async () => {
      expect(await world.tend()).toEqual({ ...well, resent: 1 });
    });
    expect(gotSince(before)).toHaveLength(1);
  });
});

describe('at most once', () => {
  test('a run that died between its word in the journal and the call: not sent by the next', async () => {
    await world.addProject(project);
    await world.succeed(project, 500);
    const { resend } = world.ports.log;
    world.ports.log.resend = () => Promise.reject(new Error('the Lambda is gone'));
    await raisedBy(world.tend);
    world.ports.log.resend = resend;
    expect(await world.tend()).toEqual(well);
    expect(await world.asked()).toEqual([]);
  });

  test('an answer that is lost counts as sent', async () => {
    await world.addProject(project);
    const pipeline = await world.succeed(project, 500);
    await world.double.control.setFault({ route: resendRoute, fault: { kind: 'answer lost' } });
    expect(await raisedBy(world.tend)).toMatchObject({ name: 'GitLabUnavailable' });
    await world.tend();
    expect(got()).toEqual([pipeline, pipeline]);
  });

  test('two runs beside each other send it once', async () => {
    await world.addProject(project);
    const pipeline = await world.succeed(project, 500);
    await Promise.all([world.tend(), world.tend()]);
    expect(got()).toEqual([pipeline, pipeline]);
  });

  test('nothing is sent when the word cannot be written', async () => {
    await world.addProject(project);
    await world.succeed(project, 500);
    world.ports.hookJournal.claim = () => Promise.reject(new DeployFailure('AwsUnavailable', 'PutItem'));
    expect(await raisedBy(world.tend)).toMatchObject({ name: 'AwsUnavailable' });
    expect(await world.asked()).toEqual([]);
  });

  test('a 429 has sent nothing: the turn ends quietly, and the next run sends it', async () => {
    await world.addProject(project);
    const pipeline = await world.succeed(project, 500);
    await world.double.control.setFault({ route: resendRoute, fault: { kind: 'rate limit', retryAfter: 60 } });
    expect(await world.tend()).toEqual({ ...well, throttled: 1 });
    // Not every hook was looked at to the end: nought would end the alarm.
    expect(world.shown).toEqual([]);
    expect(await world.tend()).toEqual({ ...well, resent: 1 });
    expect(got()).toEqual([pipeline, pipeline]);
  });
});

describe('one project', () => {
  test.each([
    [401, 'OutOfReach'],
    [403, 'OutOfReach'],
    [404, 'OutOfReach'],
    [500, 'GitLabUnavailable'],
    [503, 'GitLabUnavailable'],
  ])('that answers %i keeps nothing from being done in another; then the run fails', async (status, name) => {
    await world.addProject(12);
    await world.addProject(project);
    const lost = await world.succeed(project, 500);
    const fault = { kind: 'error', status } as const;
    await world.double.control.setFault({ route: 'GET /projects/12/hooks*', times: 2, fault });
    expect(await raisedBy(world.tend)).toMatchObject({ name });
    expect(got()).toEqual([lost, lost]);
    // Its hooks were not seen: nought would be a guess.
    expect(world.shown).toEqual([]);
  });

  test('that answers 429 is left for the next run, and the others are not', async () => {
    await world.addProject(12);
    await world.addProject(project);
    await world.succeed(project, 500);
    const fault = { kind: 'rate limit', retryAfter: 60 } as const;
    await world.double.control.setFault({ route: 'GET /projects/12/hooks*', fault });
    expect(await world.tend()).toEqual({ ...well, throttled: 1, resent: 1 });
    expect(world.ports.hookJournal.next).toBe(12);
    expect(await world.tend()).toEqual(well);
  });
});

describe('time', () => {
  const projects = Array.from({ length: 20 }, (_, index) => 100 + index);

  test('too short for all: the next run begins with the first that was left, and then with it again', async () => {
    for (const one of projects) await world.addProject(one);
    const { list } = world.ports.hooks;
    let listed: number[] = [];
    world.ports.hooks.list = async (one) => {
      listed.push(one);
      if (listed.length === 8) world.time.remaining = 149_999;
      return list(one);
    };
    expect(await world.tend()).toEqual({ ...well, behind: 12 });
    expect(world.shown).toEqual([]);
    expect(listed).toEqual(projects.slice(0, 8));
    [listed, world.time.remaining] = [[], 300_000];
    await world.tend();
    expect(listed).toEqual(projects.slice(8, 16));
    [listed, world.time.remaining] = [[], 300_000];
    await world.tend();
    expect(listed).toEqual([...projects.slice(16), ...projects.slice(0, 4)]);
  });

  test('a thousand projects: two requests each when all is well, eight at a time', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const memory = memoryProjectHooks(...many);
    for (const one of many) memory.add(one, { url: world.ports.hookUrl, token: 'plain' });
    world.targets.push(...many.map((one) => target({ project: one })));
    const [underWay, most, asked] = [new Set<symbol>(), { at: 0 }, { times: 0 }];
    const counted = async <T>(answer: Promise<T>): Promise<T> => {
      const mine = Symbol('request');
      underWay.add(mine);
      asked.times += 1;
      most.at = Math.max(most.at, underWay.size);
      await new Promise(setImmediate);
      underWay.delete(mine);
      return answer;
    };
    world.ports.hooks.list = (one) => counted(memory.list(one));
    world.ports.log.failed = () => counted(Promise.resolve([]));
    expect(await world.tend()).toEqual(well);
    expect([asked.times, most.at]).toEqual([2_000, 8]);
  });

  test('a project that the cursor names and that is gone: from the beginning', async () => {
    for (const one of projects.slice(0, 2)) await world.addProject(one);
    await world.ports.hookJournal.handOn(999);
    expect(await world.tend()).toEqual(well);
  });
});
