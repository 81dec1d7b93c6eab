import { historyLines } from '../../../cli/history-lines.ts';
import { lookBack } from '../../../cli/history.ts';
import { storyLines } from '../../../cli/story-lines.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import {
  end,
  found,
  imageCause,
  jobCause,
  operatorCause,
  operatorOfDeployment,
  operatorOfTag,
  pipelineCause,
  project,
  record,
  revisionArn,
  target,
  without,
} from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const one = (name: string, second: number, change: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  record({
    deployment: name,
    openedAt: new Date(Date.parse('2026-01-05T09:41:00Z') + second * 1_000).toISOString(),
    ...change,
  });

const world = () => {
  const here = operatorWorld(target(), target({ name: 'api' }));
  here.ports.targets.broken.push({ project, name: 'old', problems: ['x'] });
  for (const each of [
    one('web-1', 1),
    one('web-2', 3),
    one('api-1', 2, { target: '4711/api' }),
    one('old-1', 4, { target: '4711/old' }),
  ])
    here.journal.records.set(each.deployment, each);
  return lookBack(here.ports);
};

const names = (records: readonly DeploymentRecord[]): string[] => records.map(({ deployment }) => deployment);

test("is a target's, newest first, at most so many", async () => {
  const back = world();
  expect(names(await back({ target: '4711/web', limit: 20 }))).toEqual(['web-2', 'web-1']);
  expect(names(await back({ target: '4711/web', limit: 1 }))).toEqual(['web-2']);
});

test("or that of all targets, the broken ones' too", async () => {
  const back = world();
  expect(names(await back({ limit: 20 }))).toEqual(['old-1', 'web-2', 'api-1', 'web-1']);
  expect(names(await back({ limit: 2 }))).toEqual(['old-1', 'web-2']);
});

test('says how each came out, how long it took, and who or what asked for it', () => {
  const lines = historyLines([
    one('web-2', 0),
    one('web-1', 0, { end: end({ outcome: 'failed', failure: 'RolloutFailed' }) }),
  ]);
  expect(lines.lines).toEqual([
    '2026-01-05 09:41  under way                        4711/web              main 2bf863fe      pipeline 90001  web-2',
    '2026-01-05 09:41  RolloutFailed        9 min 00 s  4711/web              main 2bf863fe      pipeline 90001  web-1',
  ]);
  expect(historyLines([])).toMatchObject({ lines: ['no deployment is known'], value: [], code: 0 });
});

test.each([
  [pipelineCause, 'pipeline 90001'],
  [jobCause, 'job 700001 of pipeline 90001'],
  [imageCause, 'push of acme/web/app:v1'],
  [operatorCause, 'ops, pipeline 90001'],
  [operatorOfTag, 'ops, tag v1'],
  [operatorOfDeployment, 'ops, back to web-0'],
])('%j is told', (cause, words) => {
  expect(historyLines([one('web-1', 0, { cause })]).lines[0]).toContain(`  ${words}  `);
});

describe('the story of one', () => {
  const failed = one('web-1', 0, {
    found,
    revision: revisionArn(8),
    end: end({ outcome: 'failed', failure: 'RolloutFailed', because: 'it failed; exit code 1', undo: 'undone' }),
  });
  const steps = ['Confirm', 'Check rollout', 'Check rollout', 'Undo', 'Settle'].map((state, index) => ({
    state,
    at: `2026-01-05T09:41:0${index}.000Z`,
  }));

  test('has its cause, steps, revisions, end, reasons, and where to read on', () => {
    expect(storyLines(failed, steps).lines).toEqual([
      'web-1 on 4711/web, service prod/web',
      '  cause    pipeline 90001, 2026-01-05T09:40:00Z',
      '  commit   main 2bf863fe',
      `  image    ${found.digest}`,
      '  begun    2026-01-05 09:41:00',
      '  steps    09:41:00  Confirm',
      '           09:41:01  Check rollout × 2',
      '           09:41:03  Undo',
      '           09:41:04  Settle',
      '  before   web:7',
      '  after    web:8',
      '  end      failed as RolloutFailed at 2026-01-05 09:50:00, after 9 min 00 s',
      '  why      it failed',
      '           exit code 1',
      '           undone: the service is on the revision of before again',
      '           what RolloutFailed asks: docs/runbook.md#rolloutfailed',
    ]);
  });

  test('is told as far as it goes', () => {
    const { lines } = storyLines(without(without(one('web-1', 0), 'sha'), 'ref'), undefined);
    expect(lines).toEqual([
      'web-1 on 4711/web, service prod/web',
      '  cause    pipeline 90001, 2026-01-05T09:40:00Z',
      '  begun    2026-01-05 09:41:00',
      '  steps    Step Functions does not know them any more',
      '  end      not yet',
    ]);
  });
});
