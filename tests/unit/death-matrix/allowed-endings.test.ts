import type { Aftermath, Ending } from '../../support/death-matrix/aftermath.ts';
import { allowedEndings, harmless, serviceAfter, type Question } from '../../support/death-matrix/allowed-endings.ts';
import type { Case } from '../../support/death-matrix/cases.ts';
import type { Fault } from '../../support/death-matrix/fault.ts';
import { recordedRuns } from '../../support/death-matrix/recorded-run.ts';
import { end, record, revisionArn } from '../../support/samples.ts';

const undisturbed: Ending = { outcome: 'failed', failure: 'RolloutTimedOut', undo: 'undone' };

const seenOf = (change: Partial<Aftermath> = {}): Aftermath => ({
  ending: undisturbed,
  record: record({ end: end() }),
  recovered: false,
  recoveryDied: false,
  service: 'before',
  updates: { 'start-rollout': 1, undo: 1 },
  registered: 1,
  violations: [],
  ...change,
});

const at = (state: string, fault: Fault, operation = 'GetItem', service = 'DynamoDB'): Case => {
  const site = { state, look: 1, service, operation, nth: 1 };
  return { run: 'r', name: 'n', site, fault };
};

const question = (one: Case, change: Partial<Aftermath> = {}, name = 'undone by us'): Question => {
  const run = recordedRuns.find((candidate) => candidate.name === name);
  if (run === undefined) throw new Error(`no run ${name}`);
  return { one, run, undisturbed, seen: seenOf(change) };
};

const nothingWritten = { updates: { 'start-rollout': 0, undo: 0 } };
const starting = { record: record({ starting: { revision: revisionArn(8) }, end: end() }) };
const failed = (failure: string, undo?: string) => ({ outcome: 'failed', failure, ...(undo && { undo }) });

test.each([
  ['what passes changes nothing', at('Undo', 'throttled'), {}, [undisturbed]],
  ['a lost answer changes nothing', at('Register', 'answer lost'), {}, [undisturbed]],
  ['a death is tried again', at('Undo', 'dies after'), {}, [undisturbed]],
  ['refused before any write', at('Look', 'refused'), nothingWritten, [failed('AwsRefused')]],
  ['dead before any write', at('Look', 'dies before'), nothingWritten, [failed('AwsUnavailable')]],
  ['GitLab refuses', at('Confirm', 'refused', 'GET /x', 'GitLab'), nothingWritten, [failed('GitLabUnavailable')]],
  ['refused, nothing written', at('Register', 'refused'), nothingWritten, [failed('AwsRefused', 'nothing written')]],
  ['refused, written', at('Check rollout', 'refused'), {}, [failed('AwsRefused', 'undone')]],
  ['dead, written', at('Check rollout', 'dies before'), starting, [failed('Interrupted', 'undone')]],
  ['reasons refused', at('Check rollout', 'refused', 'ListTasks', 'ECS'), {}, [undisturbed]],
  ['news refused', at('Start rollout', 'refused', 'PutEvents', 'EventBridge'), {}, [undisturbed]],
  ['Undo refused', at('Undo', 'refused'), {}, [failed('UndoFailed')]],
  ['Settle refused', at('Settle', 'refused'), { recovered: true }, [failed('ExecutionDied', 'undone')]],
  ['Settle refused, end journalled', at('Settle', 'refused'), {}, [undisturbed]],
  ['Settle late', at('Settle', 'stopped, call late'), { recovered: true }, [undisturbed]],
  ['stopped', { run: 'r', name: 'n', stopAt: 'Undo' }, { recovered: true }, [failed('ExecutionDied', 'undone')]],
  [
    'stopped, nothing journalled',
    { run: 'r', name: 'n', stopAt: 'Confirm' },
    { record: record() },
    [{ outcome: 'failed' }],
  ],
] satisfies [string, Case, Partial<Aftermath>, object[]][])('%s', (_what, one, change, endings) => {
  expect(allowedEndings(question(one, change))).toEqual(endings);
});

const stopped: Case = { run: 'r', name: 'n', stopAt: 'Check rollout' };

test("where ECS's circuit breaker works, it or we may have been first", () => {
  const endings = [failed('ExecutionDied', 'undone'), failed('ExecutionDied', 'rolled back by ECS')];
  expect(allowedEndings(question(stopped, { recovered: true }, 'rolled back by ECS'))).toEqual(endings);
});

test('a healthy rollout may have completed all the same, but only one that was begun', () => {
  const endings = [{ outcome: 'deployed' }, failed('ExecutionDied', 'undone')];
  expect(allowedEndings(question(stopped, { recovered: true }, 'good'))).toEqual(endings);
  const none = [failed('ExecutionDied', 'nothing written')];
  expect(allowedEndings(question(stopped, { recovered: true, ...nothingWritten }, 'good'))).toEqual(none);
});

test('the service is on ours when deployed, on the revision of before when not, and stuck only when Undo wrote nothing', () => {
  const one = at('Undo', 'refused');
  const unwritten = { updates: { 'start-rollout': 1, undo: 0 } };
  expect(serviceAfter({ outcome: 'deployed' }, question(one))).toBe('ours');
  expect(serviceAfter({ outcome: 'failed', failure: 'AwsRefused' }, question(one, unwritten))).toBe('before');
  expect(serviceAfter({ outcome: 'failed', failure: 'UndoFailed' }, question(one))).toBe('before');
  expect(serviceAfter({ outcome: 'failed', failure: 'UndoFailed' }, question(one, unwritten))).toBe(
    'ours (IN_PROGRESS) over before',
  );
  expect(
    serviceAfter({ outcome: 'failed', failure: 'UndoFailed' }, question(one, unwritten, 'rolled back by ECS')),
  ).toBe('before');
});

test.each([
  ['the record has no end', at('Confirm', 'stopped, call late'), true],
  ['the record has no end', at('Admit', 'stopped, call late'), false],
  ['the record has no end', at('Confirm', 'refused'), false],
  ['the end was never announced', at('Settle', 'refused', 'PutEvents'), true],
  ['the end was never announced', at('Settle', 'dies before', 'PutEvents'), true],
  ['the end was never announced', at('Settle', 'answer lost', 'PutEvents'), false],
  ['the end was never announced', at('Settle', 'refused'), false],
  ['the end was never announced', at('Admit', 'refused', 'PutEvents'), false],
  ['the lock is held by web-1', at('Settle', 'refused', 'PutEvents'), false],
  ['the record has no end', stopped, false],
])('%s after %j: harmless %s', (violation, one, expected) => {
  expect(harmless(question(one), violation)).toBe(expected);
});
