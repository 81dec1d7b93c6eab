import fc from 'fast-check';
import { conclude, failureNameOf } from '../../../lib/domain/conclusion.ts';
import { DeployFailure, failureNames, retryableNames } from '../../../lib/domain/failure.ts';

const of = { deployment: 'web-1', target: '4711/web' };

/** As Lambda gives an error to Step Functions, and Step Functions to a Catch. */
const caught = (failure: DeployFailure) => ({
  Error: failure.name,
  Cause: JSON.stringify({ errorType: failure.name, errorMessage: failure.message, trace: ['at secret'] }),
});

describe('success', () => {
  test.each([
    ['its rollout completed', { rollout: { done: true } }, 'deployed', 'its own rollout completed'],
    [
      'a recovery found it completed',
      { stock: { next: 'settle', because: 'all the same' } },
      'deployed',
      'all the same',
    ],
    [
      'superseded before it began',
      { confirm: { state: 'ended', outcome: 'superseded', because: 'by v2' } },
      'superseded',
      'by v2',
    ],
    ['superseded', { admit: { state: 'ended', outcome: 'superseded', because: 'by 9' } }, 'superseded', 'by 9'],
    ['outdated', { admit: { state: 'ended', outcome: 'outdated', because: '9 is newer' } }, 'outdated', '9 is newer'],
    ['held, and no word why', { admit: { state: 'ended', outcome: 'held' } }, 'held', ''],
    [
      'already deployed',
      { admit: { state: 'admitted' }, look: { state: 'ended', outcome: 'already deployed', because: 'x' } },
      'already deployed',
      'x',
    ],
  ] as const)('%s', (_what, state, outcome, because) => {
    expect(conclude({ of, ...state }, { written: false, succeeded: false })).toEqual({ outcome, because });
  });

  test('a state that came to nothing is no success', () => {
    expect(conclude({ of }, { written: false, succeeded: false })).toEqual({
      outcome: 'failed',
      failure: 'Unexpected',
      because: 'the workflow came to no end of its own',
    });
    expect(conclude({ of, confirm: { because: 'still running' } }, { written: false, succeeded: false })).toMatchObject(
      { failure: 'Unexpected' },
    );
    expect(
      conclude({ of, rollout: { done: false }, admit: { state: 'admitted' } }, { written: true, succeeded: false }),
    ).toMatchObject({
      failure: 'Unexpected',
    });
  });
});

describe('failure', () => {
  test('ends by its name, with our sentence, the reasons and how it was undone', () => {
    const failure = new DeployFailure('RolloutFailed', 'rolled back: circuit breaker', {
      facts: { reasons: ['container app exited with code 1'], rollout: 'ecs-svc/2' },
    });
    expect(
      conclude(
        { of, failure: caught(failure), undo: { result: 'rolled back by ECS' } },
        { written: true, succeeded: false },
      ),
    ).toEqual({
      outcome: 'failed',
      failure: 'RolloutFailed',
      because: 'rolled back: circuit breaker; container app exited with code 1; rollout ecs-svc/2',
      undo: 'rolled back by ECS',
    });
  });

  test('tells every fact by its name: numbers, yes or no, and lists', () => {
    const facts = { tasks: 3, stale: false, paths: ['cpu', 'memory'] };
    const failure = caught(new DeployFailure('RevisionDiffers', 'it differs', { facts }));
    expect(conclude({ of, failure }, { written: false, succeeded: false }).because).toBe(
      'it differs; tasks 3; stale false; paths cpu, memory',
    );
  });

  test('outweighs a success before it', () => {
    const failure = caught(new DeployFailure('LockLost', 'x'));
    expect(conclude({ of, rollout: { done: true }, failure }, { written: true, succeeded: false }).failure).toBe(
      'LockLost',
    );
  });

  test('of the undo outweighs everything and tells both', () => {
    const state = {
      of,
      failure: caught(new DeployFailure('RolloutFailed', 'first')),
      undoFailure: caught(new DeployFailure('AwsUnavailable', 'second')),
      undo: {},
    };
    expect(conclude(state, { written: true, succeeded: false })).toEqual({
      outcome: 'failed',
      failure: 'UndoFailed',
      because: 'second; before that: first',
    });
  });

  test('of the undo alone, in a recovery, has nothing before it', () => {
    const undoFailure = caught(new DeployFailure('AwsUnavailable', 'second'));
    expect(conclude({ of, undoFailure }, { written: true, succeeded: false }).because).toBe(
      'second; before that: no reason was given',
    );
  });

  test.each([
    ['RolloutFailed', 'RolloutFailed'],
    ['States.Timeout', 'AwsUnavailable'],
    ['States.TaskFailed', 'AwsUnavailable'],
    ['Lambda.TooManyRequestsException', 'AwsUnavailable'],
    ['Sandbox.Timedout', 'AwsUnavailable'],
    ['Runtime.ExitError', 'AwsUnavailable'],
    ['TypeError', 'Unexpected'],
    ['States.Runtime', 'Unexpected'],
    ['States.HeartbeatTimeout', 'AwsUnavailable'],
    ['States.TimeoutOfOurs', 'Unexpected'],
    ['NotStates.Timeout', 'Unexpected'],
    ['NotLambda.Unknown', 'Unexpected'],
    ['Lambda.', 'Unexpected'],
    ['', 'Unexpected'],
    ['constructor', 'Unexpected'],
  ])('%p is %s', (name, failure) => {
    expect(failureNameOf({ Error: name }, false)).toBe(failure);
  });

  test('foreign text is not passed on, whatever it is', () => {
    const foreign = fc.oneof(fc.string(), fc.json());
    const wrapped = foreign.map((errorMessage) => JSON.stringify({ errorType: 'Error', errorMessage }));
    fc.assert(
      fc.property(fc.oneof(foreign, wrapped, fc.constant(undefined)), (Cause) => {
        const failure = { Error: 'Unexpected', ...(Cause === undefined ? {} : { Cause }) };
        expect(conclude({ of, failure }, { written: false, succeeded: false }).because).toBe('no reason was given');
      }),
      { numRuns: 200 },
    );
  });

  test.each([['"hunter2"'], ['["hunter2"]'], ['{"detail":"hunter2"}'], ['{"because":{"a":"hunter2"},"b":"hunter2"}']])(
    'nor is foreign text that looks like ours: %s',
    (errorMessage) => {
      const failure = { Error: 'Error', Cause: JSON.stringify({ errorMessage }) };
      expect(conclude({ of, failure }, { written: false, succeeded: false }).because).toBe('no reason was given');
    },
  );

  test('what is no text, number or yes and no is left out of the reasons', () => {
    const errorMessage = JSON.stringify({ because: 'x', reasons: ['a', { b: 'hunter2' }, null] });
    const failure = { Error: 'RolloutFailed', Cause: JSON.stringify({ errorMessage }) };
    expect(conclude({ of, failure }, { written: false, succeeded: false }).because).toBe('x; a');
  });

  test('sentences stay short', () => {
    const long = caught(
      new DeployFailure('RolloutFailed', 'x'.repeat(1000), { facts: { reasons: ['y'.repeat(1000)] } }),
    );
    expect(conclude({ of, failure: long }, { written: true, succeeded: false }).because.length).toBe(602);
  });
});

describe('a swap whose success is recorded', () => {
  const ends = { written: true, succeeded: true };
  const because = 'green proved itself, and has all traffic';
  const refused = caught(new DeployFailure('AwsRefused', 'UpdateService: AccessDeniedException'));

  test('and whose old colour is retired is deployed', () => {
    expect(conclude({ of, retire: { done: true } }, ends)).toEqual({ outcome: 'deployed', because });
    const stock = { next: 'retire', because: 'it died' };
    expect(conclude({ of, stock, retire: { done: true } }, ends)).toEqual({ outcome: 'deployed', because });
  });

  test.each([
    ['Retire failed', { retireFailure: refused }, 'UpdateService: AccessDeniedException'],
    ['something else did', { failure: refused }, 'UpdateService: AccessDeniedException'],
    [
      'Undo had a go, and failed',
      { undo: { result: 'left alone' as const }, undoFailure: refused },
      'no reason was given',
    ],
    ['Retire was never told', {}, 'no reason was given'],
    ['Retire came to no end', { retire: {} }, 'no reason was given'],
  ])('is deployed with a warning when %s', (_what, state, left) => {
    expect(conclude({ of, ...state }, ends)).toEqual({
      outcome: 'deployed',
      warning: 'RetireIncomplete',
      because: `${because}; the old colour is left: ${left}`,
    });
  });

  test('tells of Retire’s failure rather than of an earlier one', () => {
    const earlier = caught(new DeployFailure('LockLost', 'earlier'));
    expect(conclude({ of, failure: earlier, retireFailure: refused }, ends).because).toMatch(/AccessDenied/);
  });
});

test('a swap whose success is not recorded is not deployed, however far it came', () => {
  const end = conclude({ of, retire: { done: true } }, { written: true, succeeded: false });
  expect(end).toMatchObject({ outcome: 'failed', failure: 'Unexpected' });
});

describe('another try, under a new name', () => {
  const retryable = [
    'Misconfigured',
    'NotConfirmed',
    'GitLabUnavailable',
    'ImageMissing',
    'RegistryUnavailable',
    'RegistryRefused',
    'RepositoryMissing',
    'SignatureMissing',
    'CopyTimedOut',
    'QueueTimedOut',
    'ServiceBusy',
    'AlarmNotReady',
    'AwsUnavailable',
  ];

  test.each(retryable)(
    'is open after %s, and no longer once something was written: then it was interrupted',
    (name) => {
      expect(retryableNames).toContain(name);
      expect(failureNameOf({ Error: name }, false)).toBe(name);
      expect(failureNameOf({ Error: name }, true)).toBe('Interrupted');
    },
  );

  test.each(failureNames.filter((name) => !retryable.includes(name)))('is not open after %s', (name) => {
    expect(retryableNames).not.toContain(name);
    for (const written of [true, false]) expect(failureNameOf({ Error: name }, written)).toBe(name);
  });

  test('is not open to a function that ran out of time after it had written', () => {
    expect(failureNameOf({ Error: 'States.Timeout' }, true)).toBe('Interrupted');
  });
});

describe('a DeployFailure', () => {
  const failure = new DeployFailure('ImageMissing', 'it is not there', {
    facts: { tag: 'v1' },
    cause: new Error('token hunter2'),
  });

  test('says all in its message, which is all that Step Functions keeps', () => {
    expect(JSON.parse(failure.message)).toEqual({ because: 'it is not there', tag: 'v1' });
    expect(failure.name).toBe('ImageMissing');
    expect(failure.facts).toEqual({ tag: 'v1' });
    expect(new DeployFailure('ImageMissing', 'x').facts).toEqual({});
  });

  test('keeps its cause out of everything that is written out', () => {
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    expect(Object.keys(failure)).not.toContain('cause');
    expect(failure.stack).not.toContain('hunter2');
    expect((failure.cause as Error).message).toBe('token hunter2');
  });
});

test('no failure is called like one of Step Functions’ own, and none twice', () => {
  expect(new Set(failureNames).size).toBe(failureNames.length);
  expect(failureNames.filter((name) => name.includes('.'))).toEqual([]);
});
