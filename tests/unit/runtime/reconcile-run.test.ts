import type { ReconcileInput, ReconcileTold } from '../../../lib/app/reconcile.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { reconcileRun } from '../../../lib/runtime/reconcile-run.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

const run = async (event: object, act: (told: ReconcileTold, input: ReconcileInput, remaining: number) => void) => {
  const handler = reconcileRun(({ remaining, told }) => (input) => {
    act(told, input, remaining());
    return Promise.resolve({ targets: 3, unaskable: 1, behind: 2, started: 1 });
  });
  let failure: unknown;
  const lines = await printedLines(async () => {
    await handler(event, { getRemainingTimeInMillis: () => 4_711 }).catch((error: unknown) => (failure = error));
  });
  return { failure, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

const schedule = { version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };

test('a schedule’s event asks for all targets; one line says what it came to', async () => {
  const seen: unknown[] = [];
  const { lines } = await run(schedule, (_told, input, remaining) => seen.push(input, remaining));
  expect(seen).toEqual([{}, 4_711]);
  expect(lines).toMatchObject([{ message: 'reconcile', targets: 3, unaskable: 1, behind: 2, started: 1 }]);
});

test('ops may ask for one project', async () => {
  const seen: unknown[] = [];
  await run({ project: 4711 }, (_told, input) => seen.push(input));
  expect(seen).toEqual([{ project: 4711 }]);
});

test.each(['4711', 0, -1, 1.5, null])('a project that is no id is said, and nothing is done: %p', async (project) => {
  const seen: unknown[] = [];
  const { failure } = await run({ project }, () => seen.push('done'));
  expect(failure).toMatchObject({ name: 'Misconfigured', because: 'project: must be the numeric id of a project' });
  expect(seen).toEqual([]);
});

test('what was begun, what failed and what is behind is told as it happens', async () => {
  const { lines } = await run(schedule, (told) => {
    told.started('4711/web', 'web-1');
    told.failed(4712, new DeployFailure('GitLabUnavailable', 'GitLab answered 503'));
    told.failed(4713, new Error('hunter2'));
    told.behind(7);
  });
  expect(lines).toMatchObject([
    { message: 'reconciled', target: '4711/web', execution: 'web-1' },
    { DeploymentReconciled: 1 },
    { level: 'WARN', message: 'not reconciled', project: 4712, failure: 'GitLabUnavailable' },
    { level: 'WARN', project: 4713, failure: 'Unexpected' },
    { ReconcileBehind: 7 },
    { message: 'reconcile' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});
