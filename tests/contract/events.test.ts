import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDeployments } from '../../lib/app/start-deployments.ts';
import { planDeployments } from '../../lib/domain/plan-deployments.ts';
import { webhook } from '../../lib/runtime/webhook.ts';
import { readPipelineHook } from '../../lib/webhooks/read-pipeline-hook.ts';
import { gitlabHook } from '../../lib/webhooks/verify-gitlab-hook.ts';
import { memoryTargets, memoryWorkflows } from '../support/memory-ports.ts';
import { jobTarget, tagTarget, target } from '../support/samples.ts';

/** Hooks in GitLab's real shape, read by the production readers: which targets would each of them deploy? */

const folder = join(import.meta.dirname, '..', '..', 'events');
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const targets = [target(), jobTarget({ name: 'by-hand' }), tagTarget({ name: 'tagged' })];

// A pattern: what the reader says of a hook that is of no kind we wait for.
const led: Record<string, string[] | RegExp> = {
  'deployment-success.json': /start nothing/,
  'job-failed.json': [],
  'job-success-manual.json': ['by-hand'],
  'pipeline-child.json': [],
  'pipeline-failed.json': [],
  'pipeline-merge-request-from-fork.json': [],
  'pipeline-success-old-dates.json': ['web'],
  'pipeline-success.json': ['web'],
  'pipeline-tag.json': ['tagged'],
};
const doors = ['pipeline-success.http-api.json'];

test('every file has its expectation', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(led), ...doors].sort());
});

test.each(Object.entries(led))('events/%s leads to %s', (file, expected) => {
  const planned = () => planDeployments(readPipelineHook(read(file)), targets).map((one) => one.target.name);
  if (expected instanceof RegExp) expect(planned).toThrow(expected);
  else expect(planned()).toEqual(expected);
});

test.each(doors)('events/%s, as API Gateway hands it on, is answered 202', async (file) => {
  const event = read(file) as APIGatewayProxyEventV2;
  const secrets = () => Promise.resolve([{ webhookToken: event.headers['x-gitlab-token'] ?? '' }]);
  const door = webhook({
    name: 'pipeline-webhook',
    verify: gitlabHook({ cached: secrets, fresh: secrets }, () => new Date('2026-01-05T09:40:00Z')),
    read: readPipelineHook,
    act: startDeployments({ targets: memoryTargets(...targets), workflows: memoryWorkflows() }),
  });
  const answer = await door(event, {} as Context);
  expect(answer).toMatchObject({ statusCode: 202 });
  expect(JSON.parse(answer.body ?? '{}')).toEqual({
    started: [{ target: '4711/web', execution: expect.any(String) as string }],
  });
});
