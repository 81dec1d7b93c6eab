import { freeLock } from '../../../lib/domain/admission.ts';
import { endingOf, violationsIn, type Left } from '../../support/death-matrix/aftermath.ts';
import { inWords } from '../../support/death-matrix/in-words.ts';
import { candidateOf } from '../../support/memory-journal.ts';
import { end, found, record, revisionArn } from '../../support/samples.ts';

const ours = record({ revision: revisionArn(8), found, end: end() });

describe('the service in words', () => {
  const rollout = (number: number, image: string, rolloutState = 'COMPLETED') => ({
    taskDefinitionArn: revisionArn(number),
    images: [image],
    rolloutState,
  });
  const pinned = `host/web@${found.digest}`;

  test.each([
    ['ours', [rollout(8, pinned)]],
    ['before', [rollout(7, 'host/web:1')]],
    ['ours (IN_PROGRESS) over before', [rollout(8, pinned, 'IN_PROGRESS'), rollout(7, 'host/web:1')]],
    [revisionArn(9), [rollout(9, pinned)]],
    [revisionArn(8), [rollout(8, 'host/web@sha256:another')]],
  ])('%s', (words, rollouts) => {
    expect(inWords(rollouts, revisionArn(7), ours)).toBe(words);
  });

  test('nothing is ours where nothing was journalled', () => {
    expect(inWords([rollout(8, pinned)], revisionArn(7), undefined)).toBe(revisionArn(8));
  });
});

describe('the ending', () => {
  test('is the journalled one', () => {
    const failed = record({ end: end({ outcome: 'failed', failure: 'AwsRefused', undo: 'undone' }) });
    expect(endingOf(failed, 'Interrupted')).toEqual({ outcome: 'failed', failure: 'AwsRefused', undo: 'undone' });
    expect(endingOf(ours)).toEqual({ outcome: 'deployed' });
  });

  test('is what Step Functions says where there is none, by a name of ours only', () => {
    expect(endingOf(undefined, 'AwsRefused')).toEqual({ outcome: 'failed', failure: 'AwsRefused' });
    expect(endingOf(record(), 'States.Runtime')).toEqual({ outcome: 'failed' });
  });
});

describe('what must hold', () => {
  const good: Left = {
    ends: new Map([['web-1', { status: 'succeeded' }]]),
    record: ours,
    lock: freeLock,
    announced: true,
    failedRequests: 0,
    defects: [],
  };
  const { target, key } = record();
  const waiter = { ...candidateOf(record({ deployment: 'web-2', target, key })), ticket: 1 };

  test('is violated by nothing when all is well', () => {
    expect(violationsIn(good)).toEqual([]);
    expect(violationsIn({ ...good, ends: new Map([['web-1', { status: 'failed', error: 'AwsRefused' }]]) })).toEqual(
      [],
    );
    expect(violationsIn({ ...good, ends: new Map([['web-1', { status: 'aborted' }]]) })).toEqual([]);
    expect(violationsIn({ ...good, record: undefined, announced: false })).toEqual([]);
  });

  test.each([
    ['web-1 ended as States.Runtime', { ends: new Map([['web-1', { status: 'failed', error: 'States.Runtime' }]]) }],
    ['the record has no end', { record: record() }],
    ['the end was never announced', { announced: false }],
    ['the lock is held by web-1', { lock: { ...freeLock, holder: candidateOf(record()) } }],
    ['web-2 still waits', { lock: { ...freeLock, waiters: [waiter] } }],
    ["2 of users' requests failed", { failedRequests: 2 }],
    ['an answer that fits no model', { defects: ['an answer that fits no model'] }],
  ] satisfies [string, Partial<Left>][])('%s', (violation, change) => {
    expect(violationsIn({ ...good, ...change })).toEqual([violation]);
  });
});
