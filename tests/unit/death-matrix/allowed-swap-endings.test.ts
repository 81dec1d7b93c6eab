import type { Aftermath, Ending } from '../../support/death-matrix/aftermath.ts';
import type { Question } from '../../support/death-matrix/allowed-endings.ts';
import { allowedSwapEnding, nextAfter, standingAfter } from '../../support/death-matrix/allowed-swap-endings.ts';
import type { Case } from '../../support/death-matrix/cases.ts';
import type { Fault } from '../../support/death-matrix/fault.ts';
import { recordedSwaps } from '../../support/death-matrix/recorded-swaps.ts';
import { end, record, revisionArn } from '../../support/samples.ts';

const undisturbed: Ending = { outcome: 'deployed' };
const starting = { revision: revisionArn(8), desired: 2 };
const begun = { record: record({ starting, end: end() }), swap: { green: 1, shifts: 1 } };
const proved = { ...begun, record: record({ starting, succeeded: { at: 'now' }, end: end() }) };

const question = (one: Case, change: Partial<Aftermath> = {}): Question => {
  const [run] = recordedSwaps;
  if (run === undefined) throw new Error('no swap is recorded');
  const seen: Aftermath = {
    ...{ ending: undisturbed, record: record({ end: end() }), recovered: false, recoveryDied: false, service: '' },
    ...{ updates: { 'start-rollout': 0, undo: 0 }, swap: { green: 0, shifts: 0 }, registered: 1, violations: [] },
    ...change,
  };
  return { one, run, undisturbed, seen };
};

const at = (state: string, fault: Fault, service = 'ECS', operation = 'DescribeServices'): Case => {
  const site = { state, look: 1, service, operation, nth: 1 };
  return { run: 'r', name: 'n', site, fault };
};
const stopped: Case = { run: 'r', name: 'n', stopAt: 'Watch' };
const failed = (failure: string, undo?: string) => ({ outcome: 'failed', failure, ...(undo && { undo }) });
const unretired = { outcome: 'deployed', warning: 'RetireIncomplete' };

test.each([
  ['what passes changes nothing', at('Watch', 'throttled'), begun, undisturbed],
  ['a death is tried again', at('Shift', 'dies after'), begun, undisturbed],
  ['refused before any write', at('Look', 'refused'), {}, failed('AwsRefused')],
  ['refused, nothing written', at('Start green', 'refused'), {}, failed('AwsRefused', 'nothing written')],
  ['refused, written', at('Watch', 'refused'), begun, failed('AwsRefused', 'undone')],
  ['dead, written', at('Watch', 'dies before'), begun, failed('Interrupted', 'undone')],
  ['news refused', at('Shift', 'refused', 'EventBridge', 'PutEvents'), begun, undisturbed],
  ['the test URL refuses', at('Test green', 'refused', 'TestUrl'), begun, failed('TestFailed', 'undone')],
  ['no answer of the test URL, once', at('Test green', 'answer lost', 'TestUrl'), begun, undisturbed],
  ['Retire refused', at('Retire', 'refused'), proved, unretired],
  ['Undo refused', at('Undo', 'refused'), begun, failed('UndoFailed')],
  ['stopped before success', stopped, { ...begun, recovered: true }, failed('ExecutionDied', 'undone')],
  ['stopped after success', stopped, { ...proved, recovered: true }, { outcome: 'deployed' }],
  ['no stock could be taken after success', at('Take stock', 'refused'), proved, unretired],
] satisfies [string, Case, Partial<Aftermath>, object][])('%s', (_what, one, change, ending) => {
  expect(allowedSwapEnding(question(one, change))).toEqual(ending);
});

const ours = 'ours has all traffic with 2/2, scaled; the other 0/0, never scaled; test rule closed';
const half = 'ours has all traffic with 2/2, held; the other 2/2, held; test rule closed';

test.each([
  [{ outcome: 'deployed' }, ours, true],
  [{ outcome: 'deployed' }, half, false],
  [{ outcome: 'deployed' }, ours.replace('ours', 'before'), false],
  [{ outcome: 'failed', failure: 'AlarmRaised', undo: 'undone' }, ours.replace('ours', 'before'), true],
  [{ outcome: 'failed', failure: 'AlarmRaised', undo: 'undone' }, ours.replace('closed', 'open'), false],
  [unretired as Ending, half, true],
  [unretired as Ending, half.replace('ours', 'before'), false],
] satisfies [Ending, string, boolean][])('after %j: %s is right: %s', (ending, standing, right) => {
  expect(standingAfter(ending, question(stopped)).test(standing)).toBe(right);
});

test('the next swap does its work, unless an Undo that failed left users on both colours', () => {
  const undoFailed: Ending = { outcome: 'failed', failure: 'UndoFailed' };
  const mixed = question(stopped, { service: 'before has traffic 90/10 with 2/2, held; the other 2/2, held' });
  expect(nextAfter(undoFailed, mixed).ending).toEqual(failed('AmbiguousTraffic'));
  expect(nextAfter(undoFailed, question(stopped, { service: half })).ending).toEqual({ outcome: 'deployed' });
  expect(nextAfter(undisturbed, question(stopped)).standing.test(half)).toBe(false);
});
