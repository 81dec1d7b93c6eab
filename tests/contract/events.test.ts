import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPushedImages } from '../../lib/app/start-pushed-images.ts';
import { startDeployments } from '../../lib/app/start-deployments.ts';
import { planImages } from '../../lib/domain/plan-images.ts';
import { planDeployments } from '../../lib/domain/plan-deployments.ts';
import { webhook } from '../../lib/runtime/webhook.ts';
import { readPipelineHook } from '../../lib/webhooks/read-pipeline-hook.ts';
import { readRegistryHook } from '../../lib/webhooks/read-registry-hook.ts';
import { registryHook } from '../../lib/webhooks/verify-registry-hook.ts';
import { gitlabHook } from '../../lib/webhooks/verify-gitlab-hook.ts';
import { memoryRepositoryIndex, memoryTargets, memoryWorkflows } from '../support/memory-ports.ts';
import { imageTarget, jobTarget, tagTarget, target } from '../support/samples.ts';

/** Hooks in GitLab's real shape, read by the production readers: which targets would each of them deploy? */

const folder = join(import.meta.dirname, '..', '..', 'events');
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const targets = [target(), jobTarget({ name: 'by-hand' }), tagTarget({ name: 'tagged' })];

// A pattern: what the reader says of a hook that is of no kind we wait for.
const led: Record<string, string[] | RegExp> = {
  'access-token-expiring.json': /only counted/,
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
const doors = ['pipeline-success.http-api.json', 'registry-push.http-api.json'];

// What the registry told, and how many of its events cannot be read.
const image = imageTarget({ on: { kind: 'image', repository: 'acme/web', tag: 'main' } });
const pushed: Record<string, { leads: string[]; unreadable?: number } | RegExp> = {
  'registry-delete.json': { leads: [] },
  'registry-no-envelope.json': /another shape than expected at events/,
  'registry-pull.json': { leads: [] },
  'registry-push.json': { leads: ['web'] },
  'registry-push-blob.json': { leads: [] },
  'registry-push-child.json': { leads: [] },
  'registry-push-index.json': { leads: ['web'] },
  'registry-push-many.json': { leads: ['web'] },
  'registry-push-without-digest.json': { leads: [], unreadable: 1 },
};

test('every file has its expectation', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(led), ...Object.keys(pushed), ...doors].sort());
});

test.each(Object.entries(led))('events/%s leads to %s', (file, expected) => {
  const planned = () => planDeployments(readPipelineHook(read(file)), targets).map((one) => one.target.name);
  if (expected instanceof RegExp) expect(planned).toThrow(expected);
  else expect(planned()).toEqual(expected);
});

test.each(Object.entries(pushed))('events/%s leads to %j', (file, expected) => {
  const hook = () => readRegistryHook(read(file));
  if (expected instanceof RegExp) {
    expect(hook).toThrow(expected);
    return;
  }
  const { pushes, unreadable } = hook();
  expect(planImages(pushes, [image]).map((one) => one.target.name)).toEqual(expected.leads);
  expect(unreadable).toHaveLength(expected.unreadable ?? 0);
});

test('events/registry-push.http-api.json, as API Gateway hands it on, is answered 202', async () => {
  const event = read('registry-push.http-api.json') as APIGatewayProxyEventV2;
  const registryToken = (event.headers['authorization'] ?? '').replace('Bearer ', '');
  const secrets = () => Promise.resolve([{ webhookToken: 'x'.repeat(32), registryToken }]);
  const door = webhook({
    name: 'registry-webhook',
    verify: registryHook({ cached: secrets, fresh: secrets }),
    read: readRegistryHook,
    act: startPushedImages({
      index: memoryRepositoryIndex({ 'acme/web': [image.project] }),
      targets: memoryTargets(image),
      workflows: memoryWorkflows(),
    }),
  });
  const answer = await door(event, {} as Context);
  expect(answer).toMatchObject({ statusCode: 202 });
  expect(JSON.parse(answer.body ?? '{}')).toMatchObject({ started: [{ target: '4711/web' }] });
});

test('events/pipeline-success.http-api.json, as API Gateway hands it on, is answered 202', async () => {
  const event = read('pipeline-success.http-api.json') as APIGatewayProxyEventV2;
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
