import type { TellGitlabOutput } from '../../../lib/app/tell-gitlab.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { feedbackMessage } from '../../../lib/runtime/feedback-message.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

const counters = ['FeedbackRefused', 'FeedbackDelayed', 'FeedbackWithoutCommit'];
const event = { 'detail-type': 'Deployment started', detail: { version: 1, deployment: 'web-1', more: 'hunter2' } };

/** The message in front of a verb that does this; what was counted, and all that was printed. */
const handled = async (act: () => Promise<TellGitlabOutput>, body = JSON.stringify(event)) => {
  const told: unknown[] = [];
  const handle = feedbackMessage((input) => {
    told.push(input);
    return act();
  });
  let raised: unknown;
  const lines = await printedLines(async () => {
    await handle({ Records: [{ body }] }).catch((error: unknown) => {
      raised = error;
    });
  });
  const counted = counters.filter((name) => lines.some((line) => name in (JSON.parse(line) as object)));
  return { told, raised, counted, printed: lines.join('\n') };
};

const says = (output: TellGitlabOutput) => () => Promise.resolve(output);

test('the verb gets the deployment’s name and nothing else, and one line tells what came of it', async () => {
  const { told, raised, counted, printed } = await handled(says({ result: 'told', status: 'success', note: 'sent' }));
  expect([told, raised, counted]).toEqual([[{ deployment: 'web-1' }], undefined, []]);
  expect(printed).toMatch(/"deployment":"web-1","result":"told","status":"success","note":"sent"/);
  expect(printed).not.toContain('hunter2');
});

test.each<[TellGitlabOutput, string[]]>([
  [{ result: 'refused', because: 'GitLab answered 403' }, ['FeedbackRefused']],
  [{ result: 'unknown commit' }, ['FeedbackWithoutCommit']],
  [{ result: 'nothing to tell' }, []],
])('%j is counted as %j, and the message is done', async (output, counted) => {
  expect(await handled(says(output))).toMatchObject({ counted, raised: undefined });
});

test('what is to be tried again is counted, and raised so that SQS brings it again', async () => {
  const failure = new DeployFailure('GitLabUnavailable', 'GitLab did not answer');
  expect(await handled(() => Promise.reject(failure))).toMatchObject({ counted: ['FeedbackDelayed'], raised: failure });
});

test.each(['hunter2', '{}', '{"detail":{"deployment":7}}'])('%s is no event: it stays in the queue', async (body) => {
  const { told, raised, counted } = await handled(says({ result: 'told' }), body);
  expect([told, counted]).toEqual([[], ['FeedbackDelayed']]);
  expect(raised).toMatchObject({ name: 'Unexpected' });
  expect(String(raised)).not.toContain('hunter2');
});
