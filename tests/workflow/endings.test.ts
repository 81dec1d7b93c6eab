import { release, type Candidate } from '../../lib/domain/admission.ts';
import { DeployFailure, failureNames } from '../../lib/domain/failure.ts';
import { cloneWithImage } from '../../lib/domain/revision.ts';
import { copyFailures } from '../support/copy-failures.ts';
import { swapFailures } from '../support/swap-failures.ts';
import { candidateOf } from '../support/memory-journal.ts';
import {
  copyRule,
  imageCause,
  imageName,
  imageTarget,
  project,
  record,
  registry,
  serviceName,
  target,
} from '../support/samples.ts';
import { healthy, repository, startWorkflowWorld, unhealthy, type WorkflowWorld } from '../support/workflow-world.ts';

/** Every named end of the workflow, reached once with the real verbs, adapters and definition. */

let world: WorkflowWorld;
const seen = new Set<string>();

const begin = async (more: Parameters<typeof startWorkflowWorld>[0] = {}): Promise<WorkflowWorld> => {
  world = await startWorkflowWorld(more);
  return world;
};

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  await world.close();
});

const updates = (): number =>
  world.fleet.calls.filter(({ operation, outcome }) => operation === 'UpdateService' && outcome === 'ok').length;

const lock = () => world.journal.locks.get('prod/web');

/** The run failed by this name, nothing holds or waits for the service, and users noticed nothing. */
const expectFailed = (run: { error?: string; execution?: string }, name: string): void => {
  expect(run.error).toBe(name);
  seen.add(name);
  expect(lock()?.holder).toBeUndefined();
  expect(lock()?.waiters ?? []).toEqual([]);
  expect(world.traffic.failed).toBe(0);
};

/** A deployment of another target has the service, and goes on having it. */
const heldByOther = async (): Promise<Candidate> => {
  await world.workflows.start('other', {});
  const holder = candidateOf(record({ deployment: 'other', target: '9/other' }));
  world.journal.locks.set('prod/web', { version: 1, nextTicket: 1, holder, waiters: [] });
  return holder;
};

const endOf = (execution: string) => world.journal.records.get(execution)?.end;
const images = () => world.world.serviceView('prod', 'web').rollouts.flatMap((rollout) => rollout.images);

describe('successes', () => {
  test('a healthy image is deployed, pinned by digest, both containers untouched but the named one', async () => {
    await begin();
    const run = await world.run(await world.release(healthy));
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(endOf(run.execution)).toMatchObject({ outcome: 'deployed' });
    expect(images().some((image) => /@sha256:[0-9a-f]{64}$/.test(image))).toBe(true);
    expect(updates()).toBe(1);
    expect(world.traffic.failed).toBe(0);
    expect(world.traffic.answered).toBeGreaterThan(30);
    expect(run.states.length).toBeLessThanOrEqual(90);
    expect(lock()?.holder).toBeUndefined();
  });

  test('the same image again is already deployed, and nothing is written', async () => {
    await begin();
    const cause = await world.release(healthy);
    await world.run(cause);
    const again = await world.run(cause, { attempt: 2 });
    expect(endOf(again.execution)).toMatchObject({ outcome: 'already deployed' });
    expect(again.status).toBe('succeeded');
    expect(updates()).toBe(1);
  });

  test('an image that was pushed over before it was looked at is superseded: announced, and never journalled', async () => {
    await begin();
    world.targets[0] = imageTarget();
    await world.gitlab.control.protectRegistryTag({ project, pattern: '^v' });
    const cause = await world.push(healthy);
    await world.push(unhealthy);
    const run = await world.run(cause, { target: imageTarget() });
    expect(run.status).toBe('succeeded');
    expect(run.states).toEqual(['Begin', 'Prepare', 'Confirm', 'Confirmed?', 'Settle', 'Ended well?', 'Done']);
    expect(endOf(run.execution)).toBeUndefined();
    expect(world.announcements.ends()).toEqual([
      expect.objectContaining({ outcome: 'superseded', because: 'the tag names another image by now' }),
    ]);
  });

  test('a pushed image is admitted by the digest that Confirm saw', async () => {
    await begin();
    world.targets[0] = imageTarget();
    await world.gitlab.control.protectRegistryTag({ project, pattern: '^v1$', immutable: true });
    const cause = await world.push(healthy);
    const run = await world.run(cause, { target: imageTarget(), stopAt: 'Look' });
    expect(run.states.slice(2)).toEqual([
      'Confirm',
      'Confirmed?',
      'Find image',
      'Found?',
      'Admit',
      'Admitted?',
      'Look',
    ]);
    expect(world.journal.records.get(run.execution)).toMatchObject({
      key: [Date.parse(cause.pushedAt)],
      copy: copyRule,
    });
  });

  test('an older pipeline after a newer one is outdated', async () => {
    await begin();
    const older = await world.release(healthy);
    const newer = await world.release(healthy);
    await world.run(newer);
    const late = await world.run(older);
    expect(late.status).toBe('succeeded');
    expect(endOf(late.execution)).toMatchObject({ outcome: 'outdated' });
    expect(updates()).toBe(1);
  });

  test('a waiter whose slot a newer pipeline takes is superseded', async () => {
    await begin();
    const [first, second, third] = [
      await world.release(healthy),
      await world.release(healthy),
      await world.release(healthy),
    ];
    await heldByOther();
    const waiting = world.run(first);
    const newer = world.run(second);
    const newest = world.run(third);
    // Somebody else's deployment goes on for a minute of world time.
    world.eachSecond((second_) => {
      const held = lock();
      if (second_ === 240 && held !== undefined) {
        world.journal.locks.set('prod/web', { ...release(held, 'other'), version: held.version + 1 });
      }
    });
    const runs = await Promise.all([waiting, newer, newest]);
    const outcomes = runs.map(({ execution }) => endOf(execution)?.outcome);
    expect(outcomes).toEqual(['superseded', 'superseded', 'deployed']);
    expect(updates()).toBe(1);
  });
});

describe('before the lock', () => {
  test('TargetMissing', async () => {
    await begin();
    const cause = await world.release(healthy);
    world.targets.length = 0;
    expectFailed(await world.run(cause), 'TargetMissing');
    expect(world.journal.records.size).toBe(0);
    expect(world.announcements.ends()).toHaveLength(1);
  });

  test('Misconfigured: the secret lacks a key, which is named', async () => {
    await begin();
    const cause = await world.release(healthy);
    const unusable = new DeployFailure('Misconfigured', 'secret gitlab: gitlab_token missing');
    world.secret.read = () => Promise.reject(unusable);
    const run = await world.run(cause);
    expectFailed(run, 'Misconfigured');
    expect(run.cause).toContain('gitlab_token');
    expect(world.journal.records.size).toBe(0);
  });

  test('OutsideStack', async () => {
    await begin();
    world.targets[0] = target({ service: 'elsewhere', cluster: 'other' });
    expectFailed(await world.run(await world.release(healthy)), 'OutsideStack');
    expect(world.journal.records.size).toBe(0);
  });

  test('NotConfirmed: the hook says success, GitLab says failed', async () => {
    await begin();
    const { id } = await world.gitlab.control.runPipeline({ project, status: 'failed' });
    const cause = { kind: 'pipeline', project, pipeline: id, finishedAt: '2026-01-01T00:00:00Z' } as const;
    expectFailed(await world.run(cause), 'NotConfirmed');
    expect(world.fleet.calls).toEqual([]);
    expect(world.journal.records.size).toBe(0);
  });

  test('NotConfirmed: a pipeline that GitLab never gets to know is asked after for two minutes', async () => {
    await begin();
    const started = world.clock.now();
    const cause = { kind: 'pipeline', project, pipeline: 1, finishedAt: '2026-01-01T00:00:00Z' } as const;
    expectFailed(await world.run(cause), 'NotConfirmed');
    expect(world.clock.now() - started).toBe(120_000);
  });

  test('GitLabUnavailable after thirty minutes', async () => {
    await begin();
    const cause = await world.release(healthy);
    await world.gitlab.control.setFault({ route: '**', forSeconds: 4_000, fault: { kind: 'error', status: 502 } });
    expectFailed(await world.run(cause), 'GitLabUnavailable');
  });

  test('GitLab down for three minutes: deployed when it is back', async () => {
    await begin();
    const cause = await world.release(healthy);
    await world.gitlab.control.setFault({ route: '**', forSeconds: 180, fault: { kind: 'error', status: 502 } });
    expect((await world.run(cause)).status).toBe('succeeded');
  });

  test('ImageNameInvalid', async () => {
    await begin();
    world.targets[0] = target({ image: `${imageName}+` });
    expectFailed(await world.run(await world.release(healthy)), 'ImageNameInvalid');
  });

  test('ImageMissing', async () => {
    await begin();
    world.targets[0] = target({ image: imageName.replace('{sha}', 'no-{sha}') });
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'ImageMissing');
    expect(endOf(run.execution)).toMatchObject({ failure: 'ImageMissing' });
  });

  test('RegistryUnavailable after thirty minutes, whether Confirm asks or Find image', async () => {
    await begin();
    await world.gitlab.control.setRegistryFault({ route: '**', rate: 1, fault: { kind: 'error', status: 502 } });
    world.targets[0] = imageTarget({ unprotectedTags: true });
    const started = world.clock.now();
    expectFailed(await world.run(imageCause, { target: imageTarget() }), 'RegistryUnavailable');
    expect(world.clock.now() - started).toBe(1_800_000);
    world.targets[0] = target({ image: `${world.gitlab.registryHost}/acme/web/app:{sha}`, copy: copyRule });
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'RegistryUnavailable');
    expect(run.states).toContain('Wait for registry');
    expect(endOf(run.execution)).toMatchObject({ failure: 'RegistryUnavailable' });
  });

  test('QueueTimedOut after fourteen hours', async () => {
    await begin();
    const cause = await world.release(healthy);
    const holder = await heldByOther();
    const run = await world.run(cause);
    expect(run.error).toBe('QueueTimedOut');
    seen.add('QueueTimedOut');
    expect(lock()).toMatchObject({ holder, waiters: [] });
    expect(run.states.length).toBeLessThan(1_000);
  });
});

describe('what Look refuses, before the first write', () => {
  const refused = async (name: string): Promise<void> => {
    const run = await world.run(await world.release(healthy));
    expectFailed(run, name);
    expect(updates()).toBe(0);
    expect(world.fleet.calls.map(({ operation }) => operation)).not.toContain('RegisterTaskDefinition');
  };

  test('ServiceMissing', async () => {
    await begin({ service: 'another' });
    expect((await world.run(await world.release(healthy))).error).toBe('ServiceMissing');
    seen.add('ServiceMissing');
  });

  test('UnsupportedService', async () => {
    await begin();
    await world.control.tweak('prod', 'web', { deploymentController: { type: 'CODE_DEPLOY' } });
    await refused('UnsupportedService');
  });

  test('NothingToRun', async () => {
    await begin({ desiredCount: 0 });
    const run = await world.run(await world.release(healthy));
    expect(run.error).toBe('NothingToRun');
    seen.add('NothingToRun');
    expect(updates()).toBe(0);
  });

  test('CannotRoll', async () => {
    await begin({ desiredCount: 1, minimumHealthyPercent: 100, maximumPercent: 100 });
    await refused('CannotRoll');
  });

  test('ContainerMissing', async () => {
    await begin();
    world.targets[0] = target({ containers: ['app', 'nobody'] });
    await refused('ContainerMissing');
  });

  test("ServiceBusy: somebody else's rollout is waited for as long as the target's timeout", async () => {
    await begin({ circuitBreaker: { enable: false, rollback: false } });
    world.targets[0] = target({ strategy: { type: 'rolling', timeoutMinutes: 5 } });
    const cause = await world.release(healthy);
    await somebodyElse(unhealthy);
    const run = await world.run(cause);
    expectFailed(run, 'ServiceBusy');
    expect(updates()).toBe(0);
    expect(run.states.filter((state) => state === 'Wait for service').length).toBeGreaterThan(10);
  });

  test('NoWayBack: nothing is completely rolled out, and the journal knows no revision', async () => {
    await begin();
    const describe = world.world.operations.ecs['DescribeServices'];
    world.world.operations.ecs['DescribeServices'] = (input) => {
      const answer = describe?.(input) as { services: { deployments: { rolloutState: string }[] }[] };
      for (const { deployments } of answer.services) for (const one of deployments) one.rolloutState = 'FAILED';
      return answer;
    };
    await refused('NoWayBack');
  });
});

/** An update of the service that is not ours: a revision of its own with an image that behaves so. */
const somebodyElse = async (behaviour: Parameters<WorkflowWorld['release']>[0]): Promise<void> => {
  const { digest } = await world.control.putImage({ repository, tag: 'theirs', behaviour });
  const { ecs } = world.world.operations;
  const { taskDefinition } = ecs['DescribeTaskDefinition']?.({ taskDefinition: world.service.taskDefinitionArn }) as {
    taskDefinition: Record<string, unknown>;
  };
  const source = { arn: '', family: 'web', number: 1, active: true, definition: taskDefinition, tags: [] };
  const image = `${registry}/${repository}@${digest}`;
  const { definition } = cloneWithImage(source, { containers: ['app'], image, deployment: 'none' });
  const registered = ecs['RegisterTaskDefinition']?.(definition) as { taskDefinition: { taskDefinitionArn: string } };
  ecs['UpdateService']?.({ ...serviceName, taskDefinition: registered.taskDefinition.taskDefinitionArn });
};

describe('while it rolls out', () => {
  test('RevisionDiffers', async () => {
    await begin();
    const cause = await world.release(healthy);
    const register = world.world.operations.ecs['RegisterTaskDefinition'];
    world.world.operations.ecs['RegisterTaskDefinition'] = (input) =>
      register?.({ ...input, cpu: '4096', memory: '8192' }) ?? {};
    const run = await world.run(cause);
    expectFailed(run, 'RevisionDiffers');
    expect(run.cause).toContain('cpu');
    expect(updates()).toBe(0);
  });

  test('RolloutFailed: the circuit breaker rolled back, which is followed and not started again', async () => {
    await begin();
    const run = await world.run(await world.release(unhealthy));
    expectFailed(run, 'RolloutFailed');
    expect(endOf(run.execution)).toMatchObject({ undo: 'rolled back by ECS' });
    expect(run.cause).toMatch(/health checks/i);
    expect(updates()).toBe(1);
  });

  test.each([
    ['shows', 'supported'],
    ['refuses to show', 'unsupported'],
    ['does not know of', 'absent'],
  ] as const)('RolloutFailed: exit codes are named, where ECS %s its own record', async (_what, serviceDeployments) => {
    await begin({ serviceDeployments });
    const run = await world.run(await world.release({ does: 'exit', code: 3, after: 2 }));
    expectFailed(run, 'RolloutFailed');
    expect(run.cause).toContain('exited with code 3');
    expect(endOf(run.execution)).toMatchObject({ undo: 'rolled back by ECS' });
    expect(updates()).toBe(1);
  });

  test('RolloutTimedOut: without a circuit breaker our own deadline ends it, and we undo it', async () => {
    await begin({ circuitBreaker: { enable: false, rollback: false } });
    world.targets[0] = target({ strategy: { type: 'rolling', timeoutMinutes: 5 } });
    const run = await world.run(await world.release(unhealthy));
    expectFailed(run, 'RolloutTimedOut');
    expect(endOf(run.execution)).toMatchObject({ undo: 'undone' });
    expect(updates()).toBe(2);
    expect(world.world.serviceView('prod', 'web').rollouts[0]).toMatchObject({
      taskDefinitionArn: world.service.taskDefinitionArn,
      rolloutState: 'COMPLETED',
    });
  });

  test("RolloutReplaced: somebody else's update on top is left alone", async () => {
    await begin();
    const cause = await world.release(healthy);
    world.eachSecond((second) => {
      if (second === 10) void somebodyElse(healthy);
    });
    const run = await world.run(cause);
    expectFailed(run, 'RolloutReplaced');
    expect(endOf(run.execution)).toMatchObject({ undo: 'left alone' });
    expect(updates()).toBe(1);
  });

  test('UndoFailed: the way back does not come to life either', async () => {
    await begin({ circuitBreaker: { enable: false, rollback: false } });
    world.targets[0] = target({ strategy: { type: 'rolling', timeoutMinutes: 5 } });
    const cause = await world.release(unhealthy);
    await world.control.addFault({
      operation: 'UpdateService',
      caller: 'undo',
      times: 100,
      fault: { kind: 'refuse', code: 'AccessDeniedException', message: 'no' },
    });
    const run = await world.run(cause);
    expectFailed(run, 'UndoFailed');
    expect(run.cause).toContain('before that: not completed after 5 minutes');
  });

  test('LockLost: who lost the lock writes nothing more', async () => {
    await begin({ circuitBreaker: { enable: false, rollback: false } });
    world.targets[0] = target({ strategy: { type: 'rolling', timeoutMinutes: 5 } });
    const cause = await world.release(unhealthy);
    const holder = candidateOf(record({ deployment: 'other', target: '9/other' }));
    world.eachSecond((second) => {
      if (second === 60) world.journal.locks.set('prod/web', { version: 99, nextTicket: 1, holder, waiters: [] });
    });
    const run = await world.run(cause);
    expect(run.error).toBe('LockLost');
    seen.add('LockLost');
    expect(updates()).toBe(1);
    expect(lock()).toMatchObject({ holder });
    expect(endOf(run.execution)).toBeUndefined();
  });
});

describe('AWS and our own faults', () => {
  const fault = (caller: string, operation: string, code?: string) =>
    world.control.addFault({
      operation,
      caller,
      times: 100,
      fault: code === undefined ? { kind: 'server error' } : { kind: 'refuse', code, message: 'marker-of-aws-text' },
    });

  test('AwsUnavailable: ECS answers 500 at every try, nothing was written', async () => {
    await begin();
    await fault('look', 'DescribeServices');
    expectFailed(await world.run(await world.release(healthy)), 'AwsUnavailable');
    expect(world.fleet.calls.filter(({ operation }) => operation === 'DescribeServices')).toHaveLength(5);
  });

  test('AwsUnavailable: a throttled call is tried again, and the deployment goes on', async () => {
    await begin();
    await world.control.addFault({ operation: 'UpdateService', times: 2, fault: { kind: 'throttle' } });
    expect((await world.run(await world.release(healthy))).status).toBe('succeeded');
    expect(updates()).toBe(1);
  });

  test('AwsRefused: a refusal is final, and its text stays out of the history', async () => {
    await begin();
    await fault('look', 'DescribeServices', 'AccessDeniedException');
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'AwsRefused');
    expect(run.cause).toContain('DescribeServices: AccessDeniedException');
    expect(run.cause).not.toContain('marker-of-aws-text');
  });

  test('Interrupted: what was written is undone when AWS cannot be asked any more', async () => {
    await begin();
    await fault('check-rollout', 'DescribeServices');
    const run = await world.run(await world.release(healthy));
    expectFailed(run, 'Interrupted');
    expect(endOf(run.execution)).toMatchObject({ undo: 'undone' });
    expect(updates()).toBe(2);
  });

  test('Unexpected: a fault of our own says where, and nothing of what it read', async () => {
    await begin();
    const cause = await world.release(healthy);
    const journal = { ...world.journal };
    world.journal.note = (record, holder, change) =>
      'registering' in change ? Promise.reject(new TypeError('marker-secret')) : journal.note(record, holder, change);
    const run = await world.run(cause);
    expectFailed(run, 'Unexpected');
    expect(JSON.stringify(endOf(run.execution))).not.toContain('marker-secret');
  });
});

describe('an execution that dies', () => {
  test('ExecutionDied: stopped while its rollout fails, the recovery undoes it and frees the lock', async () => {
    await begin({ circuitBreaker: { enable: false, rollback: false } });
    const dead = await world.run(await world.release(unhealthy), { stopAt: 'Check rollout' });
    expect(dead.status).toBe('aborted');
    expect(lock()?.holder?.execution).toBe(dead.execution);
    const recovery = await world.recover(dead.execution);
    expectFailed(recovery, 'ExecutionDied');
    expect(endOf(dead.execution)).toMatchObject({ failure: 'ExecutionDied', undo: 'undone' });
  });

  test('stopped while its rollout completes all the same: settled as deployed', async () => {
    await begin();
    const dead = await world.run(await world.release(healthy), { stopAt: 'Check rollout' });
    for (let second = 0; second < 300; second += 1) world.clock.advance(1_000);
    const recovery = await world.recover(dead.execution);
    expect(recovery.status).toBe('succeeded');
    expect(endOf(dead.execution)).toMatchObject({ outcome: 'deployed' });
    expect(lock()?.holder).toBeUndefined();
  });

  test('stopped before its turn: it leaves the queue', async () => {
    await begin();
    const dead = await world.run(await world.release(healthy), { stopAt: 'Look' });
    const recovery = await world.recover(dead.execution);
    expectFailed(recovery, 'ExecutionDied');
    expect(updates()).toBe(0);
  });
});

test('every failure name was reached', async () => {
  await begin();
  const elsewhere = [...copyFailures, ...swapFailures];
  expect(failureNames.filter((name) => !seen.has(name) && !elsewhere.includes(name))).toEqual([]);
});
