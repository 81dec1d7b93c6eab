import fc from 'fast-check';
import {
  compareKeys,
  executionName,
  maxRecoveries,
  operatorProblem,
  orderKey,
  recoveredBy,
  recoveryName,
} from '../../../lib/domain/cause.ts';
import {
  imageCause,
  imageTarget,
  jobCause,
  operatorCause,
  operatorOfDeployment,
  operatorOfTag,
  pipelineCause,
  target,
} from '../../support/samples.ts';

describe('order keys', () => {
  test('a pipeline is ordered by its id, then by when it finished', () => {
    expect(orderKey(pipelineCause)).toEqual([90001, 1_767_606_000]);
  });

  test('a job is ordered by its pipeline, then by its own id, then by when it finished', () => {
    expect(orderKey(jobCause)).toEqual([90001, 700001, 1_767_606_000]);
  });

  test('a newer pipeline is newer, whenever it finished', () => {
    const later = orderKey({ ...pipelineCause, pipeline: 90002, finishedAt: '2020-01-01T00:00:00Z' });
    expect(compareKeys(later, orderKey(pipelineCause))).toBeGreaterThan(0);
  });

  test('the same pipeline succeeding again, a second later, is newer', () => {
    const again = orderKey({ ...pipelineCause, finishedAt: '2026-01-05T09:40:01Z' });
    expect(compareKeys(again, orderKey(pipelineCause))).toBe(1);
  });

  test('a retried job of the same pipeline is newer', () => {
    expect(compareKeys(orderKey({ ...jobCause, job: 700002 }), orderKey(jobCause))).toBeGreaterThan(0);
  });

  test('an image is ordered by when it was pushed, to the millisecond', () => {
    expect(orderKey(imageCause)).toEqual([1_767_606_000_123]);
  });

  test('comparing is a total order', () => {
    const key = fc.array(fc.nat(3), { maxLength: 3 });
    fc.assert(
      fc.property(key, key, key, (a, b, c) => {
        expect(Math.sign(compareKeys(a, b)) + Math.sign(compareKeys(b, a))).toBe(0);
        if (compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0) expect(compareKeys(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('execution names', () => {
  test('are stable byte for byte: another release of ours must still know what it started', () => {
    expect(executionName(target(), pipelineCause, 1)).toBe('web-a2e958b37a838598dcfd5aa4-1');
    expect(executionName(target(), jobCause, 5)).toBe('web-0d801cfa26a22ecec20ceb27-5');
  });

  test('of an image hold the event, the same for every repetition of it, and nothing else of it', () => {
    const name = executionName(imageTarget(), imageCause, 1);
    const again = {
      ...imageCause,
      tag: 'v2',
      digest: `sha256:${'c'.repeat(64)}`,
      pushedAt: '2026-01-06T00:00:00.000Z',
    };
    expect(name).toBe('web-e996da5e135bfe69a35304fb-1');
    expect(executionName(imageTarget(), again, 1)).toBe(name);
    expect(executionName(imageTarget(), { ...imageCause, event: 'another' }, 1)).not.toBe(name);
  });

  test("of an operator's are stable for the same word, and differ by what is named, by whom and when", () => {
    const name = executionName(target(), operatorCause, 1);
    expect(executionName(target(), { ...operatorCause }, 1)).toBe(name);
    const others = [
      { ...operatorCause, pipeline: 90002 },
      { ...operatorCause, by: 'another' },
      { ...operatorCause, at: '2026-01-05T12:00:01Z' },
      operatorOfTag,
      operatorOfDeployment,
    ].map((cause) => executionName(target(), cause, 1));
    expect(new Set([name, ...others]).size).toBe(6);
  });

  test('are at most 80 characters that Step Functions takes, a recovery included', () => {
    const longest = executionName({ project: 2 ** 52, name: 'n'.repeat(40) }, pipelineCause, 5);
    expect(recoveryName(longest, maxRecoveries).length).toBeLessThanOrEqual(80);
    expect(recoveryName(longest, maxRecoveries)).toMatch(/^[0-9A-Za-z_-]+$/);
  });

  test.each([
    ['another target', executionName(target({ name: 'api' }), pipelineCause, 1)],
    ["another project's target of that name", executionName(target({ project: 1 }), pipelineCause, 1)],
    ['another pipeline', executionName(target(), { ...pipelineCause, pipeline: 90002 }, 1)],
    ['another finish', executionName(target(), { ...pipelineCause, finishedAt: '2026-01-05T09:40:01Z' }, 1)],
    ['another attempt', executionName(target(), pipelineCause, 2)],
    ['a job', executionName(target(), jobCause, 1)],
    ['a job that has the pipeline as its id', executionName(target(), { ...jobCause, job: 90001 }, 1)],
  ])('differ for %s', (_what, name) => {
    expect(name).not.toBe(executionName(target(), pipelineCause, 1));
  });

  test('names cut at 40 characters do not meet: the whole name is in the hash', () => {
    const one = { project: 1, name: `${'n'.repeat(40)}a` };
    const other = { project: 1, name: `${'n'.repeat(40)}b` };
    expect(executionName(one, pipelineCause, 1)).toMatch(/^n{40}-[0-9a-f]{24}-1$/);
    expect(executionName(one, pipelineCause, 1)).not.toBe(executionName(other, pipelineCause, 1));
  });
});

describe('recoveries', () => {
  test('have the name of what they recover, and a number from the second one on', () => {
    expect([1, 2, 9].map((attempt) => recoveryName('web-1', attempt))).toEqual([
      'web-1-recover',
      'web-1-recover-2',
      'web-1-recover-9',
    ]);
  });

  test('tell by their name what they recover', () => {
    for (const attempt of [1, 2, 9]) expect(recoveredBy(recoveryName('web-1', attempt))).toBe('web-1');
  });

  test('are not mistaken for a deployment, nor a deployment for one', () => {
    const name = executionName(target({ name: 'web-recover' }), pipelineCause, 2);
    expect(recoveredBy(name)).toBeUndefined();
    expect(recoveredBy('-recover')).toBeUndefined();
    expect(recoveredBy('web-recovered-2')).toBeUndefined();
  });
});

describe("an operator's cause", () => {
  test('that is whole has no problem', () => {
    expect(operatorProblem(operatorCause)).toBeUndefined();
    expect(operatorProblem(operatorOfTag)).toBeUndefined();
    expect(operatorProblem(operatorOfDeployment)).toBeUndefined();
  });

  test.each(['', 'web 1', '../web-1', 'w'.repeat(81), 7, null, ['web-1']])('%p names no deployment', (deployment) => {
    const cause = { ...operatorOfDeployment, deployment: deployment as string };
    expect(operatorProblem(cause)).toMatch(/^cause\.deployment: /);
  });

  test.each([operatorCause, operatorOfTag])('that names a deployment names nothing else', (other) => {
    expect(operatorProblem({ ...other, deployment: 'web-0' })).toMatch(/^cause\.deployment: /);
  });

  test.each([
    ['project', { project: 1.5 }],
    ['project', { project: '4711' as unknown as number }],
    ['pipeline', { pipeline: undefined as unknown as number }],
    ['tag', { tag: 'v1' }],
    ['by', { by: '' }],
    ['by', { by: 'x'.repeat(101) }],
    ['by', { by: 7 as unknown as string }],
    ['by', { by: 'a\nb' }],
    ['at', { at: 'yesterday' }],
    // Date.parse reads no further than a NUL
    ['at', { at: '2026-01-05T12:00:00Z\u0000 or so' }],
    ['at', { at: ' 2026-01-05T12:00:00Z' }],
    ['at', { at: '2026-13-01T00:00:00Z' }],
    ['at', { at: '2026-01-05T12:00:00.123Z' }],
    ['at', { at: undefined as unknown as string }],
  ])('names the field that is wrong: %s', (field, change) => {
    expect(operatorProblem({ ...operatorCause, ...change })).toMatch(new RegExp(`^cause\\.${field}: `));
  });

  test.each(['', 'v1:v2', '../v1', 'v'.repeat(129), 7, null, ['v1']])('%p is no tag', (tag) => {
    expect(operatorProblem({ ...operatorOfTag, tag: tag as string })).toMatch(/^cause\.tag: /);
  });
});
