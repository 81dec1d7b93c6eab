import type { FailureName } from '../../../lib/domain/failure.ts';
import { definition } from '../workflow-machine.ts';
import type { Aftermath, Ending } from './aftermath.ts';
import type { CallSite } from './call-site.ts';
import type { Case } from './cases.ts';
import type { Fault } from './fault.ts';
import { deathName } from './outward-calls.ts';
import type { RecordedRun } from './recorded-run.ts';

/** What went wrong in which run; how the run ends when nothing does; and what is left now. */
export interface Question {
  one: Case;
  run: RecordedRun;
  undisturbed: Ending;
  seen: Aftermath;
}

export const failed = (failure: FailureName, undo?: Ending['undo']): Ending => ({
  outcome: 'failed',
  failure,
  ...(undo === undefined ? {} : { undo }),
});

/** By this name, with what had been written taken back: what the fleet saw says whether anything was. */
const takenBack = (failure: FailureName, { run, seen }: Question): Ending[] => {
  if (seen.updates['start-rollout'] === 0) return [failed(failure, 'nothing written')];
  const byEcs = run.image.does !== 'become healthy' && run.service.circuitBreaker?.enable !== false;
  return [failed(failure, 'undone'), ...(byEcs ? [failed(failure, 'rolled back by ECS')] : [])];
};

/** The last Lambda of a stopped execution may have written the end, late and yet before its recovery. */
export const settledLate = ({ one }: Question): boolean =>
  'site' in one && one.fault === 'stopped, call late' && one.site.state === 'Settle';

/** The recovery came, unless the end was journalled before. A healthy rollout may have completed all the same. */
const afterItsDeath = (question: Question): Ending[] => {
  const { run, undisturbed, seen } = question;
  if (seen.record?.end === undefined) return [{ outcome: 'failed' }];
  if (!seen.recovered || settledLate(question)) return [undisturbed];
  const completed: Ending[] =
    run.image.does === 'become healthy' && seen.updates['start-rollout'] === 1 ? [{ outcome: 'deployed' }] : [];
  return [...completed, ...takenBack('ExecutionDied', question)];
};

export const beforeAnyWrite = new Set(['Confirm', 'Find image', 'Admit', 'Look', 'Copy image']);

/** The task failed for good: its Catch decides. */
const afterItsFailure = (failure: FailureName, state: string, question: Question): Ending[] => {
  if (beforeAnyWrite.has(state)) return [failed(failure)];
  if (state === 'Undo') return [failed('UndoFailed')];
  if (state === 'Settle' || state === 'Take over') return afterItsDeath(question);
  return takenBack(failure, question);
};

/** News of what goes on: not to be allowed to send it changes no end. */
export const tellsOnly = ({ state, operation }: CallSite): boolean => operation === 'PutEvents' && state !== 'Settle';

/** Why a rollout failed is only told: not to be allowed to read it changes no end. */
const tellsReasonsOnly = (site: CallSite): boolean =>
  site.service === 'ElasticLoadBalancingV2' ||
  ['ListTasks', 'DescribeTasks'].includes(site.operation) ||
  tellsOnly(site);

export const isRetried = (state: string): boolean => {
  const retry = (definition().States[state]?.['Retry'] ?? []) as { ErrorEquals: string[] }[];
  return retry.some(({ ErrorEquals }) => ErrorEquals.includes(deathName));
};

/** A layer that is in ECR is not looked after again: its progress is only tidied away. */
const isTidying = ({ state, operation }: CallSite): boolean => state === 'Copy image' && operation === 'DeleteItem';

/** Undo tells once, after it has written: its next try finds that done, and tells nothing. */
const isToldOnce = (site: CallSite): boolean => site.state === 'Undo' && tellsOnly(site);

const afterFault = (site: CallSite, fault: Fault, question: Question): Ending[] => {
  const { undisturbed, seen } = question;
  if (fault === 'throttled' || fault === 'answer lost') return [undisturbed];
  if (fault === 'stopped, call late') return afterItsDeath(question);
  if (fault === 'refused') {
    if (site.service === 'GitLab') return [failed('GitLabUnavailable')];
    if (site.service === 'Registry') return [failed('RegistryRefused')];
    return tellsReasonsOnly(site) ? [undisturbed] : afterItsFailure('AwsRefused', site.state, question);
  }
  if (isRetried(site.state) && (fault === 'dies after' || isTidying(site) || isToldOnce(site))) return [undisturbed];
  const failure = seen.record?.starting === undefined ? 'AwsUnavailable' : 'Interrupted';
  return afterItsFailure(failure, site.state, question);
};

/** The endings that are right, and no other is. */
export const allowedEndings = (question: Question): Ending[] =>
  'site' in question.one ? afterFault(question.one.site, question.one.fault, question) : afterItsDeath(question);

/** What the service must be on after such an end: the revision of before or ours, completely. */
export const serviceAfter = ({ outcome, failure }: Ending, { run, seen }: Question): string => {
  if (outcome === 'deployed') return 'ours';
  const stuck = failure === 'UndoFailed' && seen.updates.undo === 0 && run.service.circuitBreaker?.enable === false;
  return stuck ? 'ours (IN_PROGRESS) over before' : 'before';
};

/**
 * What cannot be otherwise: a stopped execution's last Lambda may open the record when the recovery has already found
 * none (it never queued and never wrote: nothing is left to clean up but the record itself), and an event that nobody
 * may send, or whose sender always dies, is never sent.
 */
export const harmless = ({ one }: Question, violation: string): boolean => {
  if (!('site' in one)) return false;
  const { site, fault } = one;
  if (violation === 'the record has no end') return site.state === 'Confirm' && fault === 'stopped, call late';
  if (violation !== 'the end was never announced') return false;
  return site.state === 'Settle' && site.operation === 'PutEvents' && (fault === 'refused' || fault === 'dies before');
};
