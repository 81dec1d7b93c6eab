import fc from 'fast-check';
import { conclude, failureNameOf } from '../../../lib/domain/conclusion.ts';
import { DeployFailure, failureNames } from '../../../lib/domain/failure.ts';

const of = { deployment: 'web-1', target: '4711/web' };

/** As Lambda gives an error to Step Functions, and Step Functions to a Catch. */
const caught = (failure: DeployFailure) => ({
  Error: failure.name,
  Cause: JSON.stringify({ errorType: failure.name, errorMessage: failure.message, trace: ['at secret'] }),
});

describe('success', () => {
  test.each([
    ['its rollout completed', { rollout: { done: true } }, 'deployed'],
    ['a recovery found it completed', { stock: { next: 'settle', because: 'all the same' } }, 'deployed'],
    ['superseded', { admit: { state: 'ended', outcome: 'superseded', because: '9 is newer' } }, 'superseded'],
    ['outdated', { admit: { state: 'ended', outcome: 'outdated', because: '9 is newer' } }, 'outdated'],
    [
      'already deployed',
      { admit: { state: 'admitted' }, look: { state: 'ended', outcome: 'already deployed', because: 'x' } },
      'already deployed',
    ],
  ] as const)('%s', (_what, state, outcome) => {
    const end = conclude({ of, ...state }, false);
    expect(end.outcome).toBe(outcome);
    expect(end).not.toHaveProperty('failure');
  });

  test('a state that came to nothing is no success', () => {
    expect(conclude({ of }, false)).toMatchObject({ outcome: 'failed', failure: 'Unexpected' });
    expect(conclude({ of, rollout: { done: false }, admit: { state: 'admitted' } }, true)).toMatchObject({
      failure: 'Unexpected',
    });
  });
});

describe('failure', () => {
  test('ends by its name, with our sentence, the reasons and how it was undone', () => {
    const failure = new DeployFailure('RolloutFailed', 'rolled back: circuit breaker', {
      facts: { reasons: ['container app exited with code 1'], rollout: 'ecs-svc/2' },
    });
    expect(conclude({ of, failure: caught(failure), undo: { result: 'rolled back by ECS' } }, true)).toEqual({
      outcome: 'failed',
      failure: 'RolloutFailed',
      because: 'rolled back: circuit breaker; container app exited with code 1; rollout ecs-svc/2',
      undo: 'rolled back by ECS',
    });
  });

  test('outweighs a success before it', () => {
    const failure = caught(new DeployFailure('LockLost', 'x'));
    expect(conclude({ of, rollout: { done: true }, failure }, true).failure).toBe('LockLost');
  });

  test('of the undo outweighs everything and tells both', () => {
    const state = {
      of,
      failure: caught(new DeployFailure('RolloutFailed', 'first')),
      undoFailure: caught(new DeployFailure('AwsUnavailable', 'second')),
      undo: {},
    };
    expect(conclude(state, true)).toEqual({
      outcome: 'failed',
      failure: 'UndoFailed',
      because: 'second; before that: first',
    });
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
    ['', 'Unexpected'],
    ['constructor', 'Unexpected'],
  ])('%p is %s', (name, failure) => {
    expect(failureNameOf({ Error: name }, false)).toBe(failure);
  });

  test('what AWS could not do is final once something was written: nobody may start it anew', () => {
    expect(failureNameOf({ Error: 'AwsUnavailable' }, true)).toBe('Interrupted');
    expect(failureNameOf({ Error: 'States.Timeout' }, true)).toBe('Interrupted');
    expect(failureNameOf({ Error: 'RolloutFailed' }, true)).toBe('RolloutFailed');
  });

  test('foreign text is not passed on, whatever it is, and sentences stay short', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (Cause) => {
        const { because } = conclude({ of, failure: { Error: 'Unexpected', Cause } }, false);
        expect(because).toBe('no reason was given');
      }),
      { numRuns: 100 },
    );
    const long = caught(
      new DeployFailure('RolloutFailed', 'x'.repeat(1000), { facts: { reasons: ['y'.repeat(1000)] } }),
    );
    expect(conclude({ of, failure: long }, true).because.length).toBe(602);
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
