import type { FailureName } from '../../../lib/domain/failure.ts';
import type { Ending } from './aftermath.ts';
import { beforeAnyWrite, failed, isRetried, settledLate, tellsOnly, type Question } from './allowed-endings.ts';
import type { CallSite } from './call-site.ts';
import type { Fault } from './fault.ts';

/** How a disturbed swap of colours may end, and how the colours stand then. */

const succeeded = ({ seen }: Question): boolean => seen.record?.succeeded !== undefined;

const unretired: Ending = { outcome: 'deployed', warning: 'RetireIncomplete' };

/** By this name, with what had been written taken back: what the fleet saw says whether anything was. */
const takenBack = (failure: FailureName, question: Question): Ending => {
  const { seen } = question;
  // What succeeded is never taken back: nobody came to retire the old colour.
  if (succeeded(question)) return unretired;
  const { green = 0, shifts = 0 } = seen.swap ?? {};
  return failed(failure, green + shifts === 0 ? 'nothing written' : 'undone');
};

/** The recovery came, unless the end was journalled before. Once the success was recorded it is only completed. */
const afterItsDeath = (question: Question): Ending => {
  const { undisturbed, seen } = question;
  if (seen.record?.end === undefined) return { outcome: 'failed' };
  if (!seen.recovered || settledLate(question)) return undisturbed;
  return succeeded(question) ? { outcome: 'deployed' } : takenBack('ExecutionDied', question);
};

/** The task failed for good: its Catch decides. */
const afterItsFailure = (failure: FailureName, state: string, question: Question): Ending => {
  if (beforeAnyWrite.has(state)) return failed(failure);
  if (state === 'Undo') return failed('UndoFailed');
  if (state === 'Retire') return unretired;
  if (state === 'Settle' || state === 'Take over') return afterItsDeath(question);
  return takenBack(failure, question);
};

/** Three answers that are not as expected are green's own. */
const isTestUrl = ({ service }: CallSite): boolean => service === 'TestUrl';

const afterFault = (site: CallSite, fault: Fault, question: Question): Ending => {
  const { undisturbed, seen } = question;
  if (isTestUrl(site) && (fault === 'refused' || fault === 'throttled')) return failed('TestFailed', 'undone');
  if (fault === 'throttled' || fault === 'answer lost') return undisturbed;
  if (fault === 'stopped, call late') return afterItsDeath(question);
  if (fault === 'refused' && tellsOnly(site)) return undisturbed;
  if (fault === 'refused') return afterItsFailure('AwsRefused', site.state, question);
  if (isRetried(site.state) && fault === 'dies after') return undisturbed;
  const failure = seen.record?.starting === undefined ? 'AwsUnavailable' : 'Interrupted';
  return afterItsFailure(failure, site.state, question);
};

/** The one ending that is right. */
export const allowedSwapEnding = (question: Question): Ending =>
  'site' in question.one ? afterFault(question.one.site, question.one.fault, question) : afterItsDeath(question);

const atRest = (who: 'ours' | 'before', { run }: Question): string => {
  const [live, idle] =
    run.service.scaling === undefined ? ['without bounds', 'without bounds'] : ['scaled', 'never scaled'];
  return `^${who} has all traffic with 2/2, ${live}; the other 0/0, ${idle}; test rule closed$`;
};

/** How the colours must stand after such an end, as a pattern of `standingOf`'s words. */
export const standingAfter = ({ outcome, failure, warning }: Ending, question: Question): RegExp => {
  // Whatever was not retired, users have what they need.
  if (warning === 'RetireIncomplete') return /^ours has all traffic with 2\/2, /;
  // A person has to look: that is what the name says.
  if (failure === 'UndoFailed') return / has /;
  return new RegExp(atRest(outcome === 'deployed' ? 'ours' : 'before', question));
};

/** How the next deployment must end, and what it must leave. */
export const nextAfter = (ending: Ending, question: Question): { ending: Ending; standing: RegExp } => {
  // Nobody but a person can say where users belong.
  if (ending.failure === 'UndoFailed' && question.seen.service.includes('has traffic '))
    return { ending: failed('AmbiguousTraffic'), standing: / has traffic / };
  const deployed: Ending = { outcome: 'deployed' };
  // It starts from what it finds: bounds and test rule that were not put back are as if ops had set them so.
  if (ending.failure === 'UndoFailed' || ending.warning === 'RetireIncomplete')
    return { ending: deployed, standing: /^ours has all traffic with 2\/2, .*; the other 0\/0, / };
  return { ending: deployed, standing: new RegExp(atRest('ours', question)) };
};
