import { endAnnouncement, startAnnouncement, stepAnnouncement, type Step } from '../../../lib/domain/announcement.ts';
import { failureNames } from '../../../lib/domain/failure.ts';
import type { End } from '../../../lib/domain/deployment.ts';
import { eventSchema } from '../../support/event-schema.ts';
import { digest, end, found, imageCause, record, revisionArn, sha, without } from '../../support/samples.ts';

const at = '2026-01-05T09:45:00.000Z';
const full = record({ environment: 'production', found, revision: revisionArn(8) });
const event = ({ type, detail }: ReturnType<typeof endAnnouncement>) =>
  eventSchema.parse({ source: 'drawbridge', 'detail-type': type, detail });
const textOf = (change: Partial<End>, of: Parameters<typeof endAnnouncement>[0] = full) =>
  event(endAnnouncement(of, end(change))).detail.text;
const failed = (change: Partial<End>): Partial<End> => ({ outcome: 'failed', failure: 'RolloutFailed', ...change });

test('says all that is known of its deployment', () => {
  expect(event(startAnnouncement(full, at))).toEqual({
    source: 'drawbridge',
    'detail-type': 'Deployment started',
    detail: {
      version: 1,
      deployment: 'web-1',
      target: '4711/web',
      project: 4711,
      environment: 'production',
      service: 'prod/web',
      cause: 'pipeline',
      sha,
      ref: 'main',
      digest,
      revision: revisionArn(8),
      at,
      text: 'web (production): 2bf863fe of main begins',
    },
  });
});

test('says of what was never confirmed only whose it was', () => {
  const of = { deployment: 'web-1', target: '4711/web' };
  const { detail } = event(endAnnouncement(of, end(failed({ failure: 'NotConfirmed', because: 'no such pipeline' }))));
  expect(Object.keys(detail).sort()).toEqual(
    ['at', 'because', 'deployment', 'failure', 'outcome', 'project', 'target', 'text', 'version'].sort(),
  );
  expect(detail.text).toBe('web: a deployment FAILED: NotConfirmed: no such pipeline');
});

test.each<[End['outcome'], string]>([
  ['deployed', 'Deployment succeeded'],
  ['already deployed', 'Deployment succeeded'],
  ['failed', 'Deployment failed'],
  ['superseded', 'Deployment superseded'],
  ['outdated', 'Deployment superseded'],
  ['held', 'Deployment superseded'],
])('the end %s is told as %s', (outcome, type) => {
  const one = event(endAnnouncement(full, end({ outcome })));
  expect(one['detail-type']).toBe(type);
  expect(one.detail).toMatchObject({ outcome, at: end().at });
});

test.each(failureNames)('the failure %s fits the published form', (failure) => {
  expect(event(endAnnouncement(full, end(failed({ failure })))).detail).toMatchObject({ failure });
});

test.each<[Step, string]>([
  [{ step: 'image copied', bytes: 12_300_000 }, 'web (production): 2bf863fe of main is in ECR, 13 MB copied'],
  [{ step: 'revision registered' }, 'web (production): 2bf863fe of main is registered with ECS'],
  [{ step: 'rollout started' }, 'web (production): 2bf863fe of main is being rolled out'],
  [{ step: 'traffic shifted', weight: 10 }, 'web (production): 10 % of users on 2bf863fe of main'],
  [{ step: 'undo begun' }, 'web (production): 2bf863fe of main is being taken back'],
])('the step %j is told as: %s', (step, text) => {
  expect(event(stepAnnouncement(full, step, at)).detail).toMatchObject({ ...step, at, text });
});

describe('the sentence', () => {
  test.each<[Partial<End>, string]>([
    [{}, 'web (production): deployed 2bf863fe of main'],
    [{ warning: 'RetireIncomplete' }, 'web (production): deployed 2bf863fe of main, but RetireIncomplete'],
    [{ outcome: 'already deployed' }, 'web (production): 2bf863fe of main was deployed already'],
    [
      { outcome: 'outdated', because: '1/2 is older' },
      'web (production): 2bf863fe of main was not deployed, outdated: 1/2 is older',
    ],
    [
      failed({
        because: 'rolled back: tasks failed to start; container app: exit 1; running 0',
        undo: 'rolled back by ECS',
      }),
      'web (production): 2bf863fe of main FAILED: RolloutFailed: rolled back: tasks failed to start (rolled back by ECS)',
    ],
    [
      failed({ because: 'GitLab says failed', failure: 'NotConfirmed', undo: 'nothing written' }),
      'web (production): 2bf863fe of main FAILED: NotConfirmed: GitLab says failed (nothing was changed)',
    ],
  ])('of the end %j is: %s', (change, text) => {
    expect(textOf(change)).toBe(text);
  });

  test('names the service when the target has no environment, and the tag of an image without a commit', () => {
    const image = without(without(record({ cause: imageCause, image: 'host/acme/web:v1' }), 'sha'), 'ref');
    expect(textOf({}, image)).toBe('web (prod/web): deployed image v1');
    expect(textOf({}, without(full, 'ref'))).toBe('web (production): deployed 2bf863fe');
  });

  test.each([
    ['an ARN', `${revisionArn(8)}, which ECS refused`, 'task-definition/web:8, which ECS refused'],
    ['an ARN in brackets', `no (${revisionArn(8)})`, 'no (task-definition/web:8)'],
    ['quotation marks', 'it said "no"', "it said 'no'"],
    ['what EventBridge reads as its own', 'a <aws.events.event> b\\n', 'a  aws.events.event  b n'],
    ['a line break', 'one\ntwo\u0007', 'one two '],
  ])('is without %s', (_of, because, shown) => {
    expect(textOf(failed({ because }))).toBe(`web (production): 2bf863fe of main FAILED: RolloutFailed: ${shown}`);
  });

  test('is short, however long the reason is', () => {
    expect(textOf(failed({ because: 'x'.repeat(2_000) }))).toHaveLength(400);
  });
});
