import { begunLines } from '../../../cli/begun-lines.ts';
import { deploy } from '../../../cli/deploy.ts';
import { failing, losingAnswers } from '../../support/memory-faults.ts';
import { project } from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const web = { project, name: 'web' };

test("begins an operator's execution, by the caller's name, of now to the second", async () => {
  const { ports } = operatorWorld();
  const begun = await deploy(ports)({ target: web, named: { pipeline: 90001 } });
  const cause = { kind: 'operator', project, pipeline: 90001, by: 'jane', at: '2026-01-05T12:00:00Z' };
  expect([...ports.workflows.executions.values()]).toMatchObject([{ input: { target: web, cause } }]);
  expect(begun).toEqual({
    state: 'begun',
    deployment: [...ports.workflows.executions.keys()][0],
    target: '4711/web',
  });
});

test('a tag is named for a target that waits for images', async () => {
  const { ports } = operatorWorld();
  await deploy(ports)({ target: web, named: { tag: 'v1' } });
  expect([...ports.workflows.executions.values()]).toMatchObject([{ input: { cause: { tag: 'v1' } } }]);
});

test('a start whose answer was lost, told again in that second, begins nothing twice', async () => {
  const { ports } = operatorWorld();
  const once = deploy({ ...ports, workflows: losingAnswers(ports.workflows, 'start') });
  await expect(once({ target: web, named: { pipeline: 90001 } })).rejects.toMatchObject({ name: 'AwsUnavailable' });
  expect(await once({ target: web, named: { pipeline: 90001 } })).toMatchObject({ state: 'begun' });
  expect(ports.workflows.executions.size).toBe(1);
});

test.each([
  [
    'a target that there is not',
    { target: { project, name: 'gone' }, named: { pipeline: 1 } },
    'there is no target 4711/gone',
  ],
  ['a tag that is none', { target: web, named: { tag: 'a b' } }, 'cause.tag: must be a tag of the image'],
])('%s is refused, and nothing is begun', async (_what, input, because) => {
  const { ports } = operatorWorld();
  const begun = await deploy(ports)(input);
  expect(begun).toEqual({ state: 'refused', because });
  expect(begunLines(begun, 'prod')).toMatchObject({ lines: [`nothing was begun: ${because}`], code: 1 });
  expect(ports.workflows.executions.size).toBe(0);
});

test('a start that is refused is what AWS says', async () => {
  const { ports } = operatorWorld();
  const once = deploy({ ...ports, workflows: failing(ports.workflows, 'start') });
  await expect(once({ target: web, named: { pipeline: 1 } })).rejects.toMatchObject({ name: 'AwsUnavailable' });
});

test('says how to see what was begun and is not followed', () => {
  const lines = begunLines({ state: 'begun', deployment: 'web-1', target: '4711/web' }, 'prod');
  expect(lines).toMatchObject({ lines: ['web-1 has begun; to see it: drawbridge watch web-1 --stage prod'], code: 0 });
});
