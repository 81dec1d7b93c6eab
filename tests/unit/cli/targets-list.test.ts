import { listLines } from '../../../cli/targets-list-lines.ts';
import { listTargets } from '../../../cli/targets-list.ts';
import { memoryTargets } from '../../support/memory-ports.ts';
import { imageTarget, jobTarget, swapTarget, tagTarget, target } from '../../support/samples.ts';

test('each target with what it waits for, where it goes and how; broken ones are named with their problems', async () => {
  const targets = memoryTargets(target(), jobTarget({ name: 'by-hand', environment: 'production' }), swapTarget());
  targets.broken.push({
    project: 2,
    name: 'bad',
    problems: ['service: must be there', 'on: must be one of pipeline, job'],
  });
  const { lines, code } = listLines(await listTargets({ targets })({}));
  expect(lines).toEqual([
    '4711/web      pipeline main            prod/web  rolling',
    '4711/by-hand  job deploy-prod on main  prod/web  rolling     production',
    '4711/web      pipeline main            prod/web  blue-green',
    'broken 2/bad: service: must be there',
    'broken 2/bad: on: must be one of pipeline, job',
    '3 targets, 1 broken',
  ]);
  expect(code).toBe(1);
});

test('of one project alone', async () => {
  const targets = memoryTargets(tagTarget(), imageTarget({ project: 2, name: 'pushed' }));
  const { lines, code, value } = listLines(await listTargets({ targets })({ project: 2 }));
  expect({ lines: lines.at(-1), code }).toEqual({ lines: '1 target, 0 broken', code: 0 });
  expect(value).toMatchObject({
    targets: [{ target: '2/pushed', trigger: expect.stringMatching(/^image /) as string }],
  });
});
