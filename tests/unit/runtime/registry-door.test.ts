import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { startPushedImages } from '../../../lib/app/start-pushed-images.ts';
import { readRegistryHook } from '../../../lib/webhooks/read-registry-hook.ts';
import { registryHook } from '../../../lib/webhooks/verify-registry-hook.ts';
import { failing } from '../../support/memory-faults.ts';
import { memoryRepositoryIndex, memoryTargets, memoryWorkflows } from '../../support/memory-ports.ts';
import { imageTarget, project } from '../../support/samples.ts';
import { envelopeOf, pushEvent } from '../webhooks/registry-events.ts';
import { printedLines } from './printed-lines.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Drawbridge';
process.env['POWERTOOLS_SERVICE_NAME'] = 'drawbridge-test';
const { webhook } = await import('../../../lib/runtime/webhook.ts');

/** The registry's door as it is, in front of ports in memory: its answers decide whether a registry's other events come. */

const registryToken = 'sample-registry-token-0123456789abcdef';
const registryType = 'application/vnd.docker.distribution.events.v1+json';
const secrets = () => Promise.resolve([{ webhookToken: 'w'.repeat(32), registryToken }]);

const doorOf = (workflows = memoryWorkflows()) =>
  webhook({
    name: 'registry-webhook',
    verify: registryHook({ cached: secrets, fresh: secrets }),
    read: readRegistryHook,
    act: startPushedImages({
      index: memoryRepositoryIndex({ 'acme/web/app': [project] }),
      targets: memoryTargets(imageTarget()),
      workflows,
    }),
  });

interface Sent {
  body?: unknown;
  type?: string;
  token?: string;
}

const send = async (
  { body = envelopeOf(pushEvent()), type = registryType, token = registryToken }: Sent,
  door = doorOf(),
) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': type, authorization: `Bearer ${token}` };
  const event = { headers, body: text, isBase64Encoded: false } as unknown as APIGatewayProxyEventV2;
  const answer: { statusCode?: number; body?: string } = {};
  const lines = await printedLines(async () => {
    Object.assign(answer, await door(event, {} as Context));
  });
  return { ...answer, lines: lines.join('\n') };
};

test.each([
  registryType,
  'application/vnd.docker.distribution.events.v2+json',
  'application/json',
  'application/json; charset=utf-8',
])('an event as %s is answered 202, by names alone', async (type) => {
  const { statusCode, body, lines } = await send({ type });
  expect(statusCode).toBe(202);
  expect(JSON.parse(body ?? '')).toEqual({
    started: [{ target: '4711/web', execution: expect.any(String) as string }],
  });
  expect(lines).toContain('"message":"registry-webhook"');
});

test.each<[string, Sent, number]>([
  ['a layer', { body: envelopeOf(pushEvent({}, { mediaType: 'application/octet-stream', tag: undefined })) }, 0],
  ['a pull', { body: envelopeOf(pushEvent({ action: 'pull' })) }, 0],
  ['nothing', { body: envelopeOf() }, 0],
  ['a repository nobody waits for', { body: envelopeOf(pushEvent({}, { repository: 'acme/other' })) }, 0],
  ['an event of another shape', { body: envelopeOf(pushEvent({ id: undefined })) }, 1],
  ['three such events', { body: envelopeOf(7, null, {}) }, 3],
  ['no envelope', { body: { events: 'hunter2' } }, 1],
  ['no JSON', { body: '{"events":' }, 1],
  ['another type', { type: 'text/plain' }, 1],
  ['a forbidden name', { body: '{"events":[],"__proto__":{}}' }, 1],
  ['more than 5 MiB', { body: `"${' '.repeat(5 * 1024 * 1024)}"` }, 1],
])(
  '%s is answered 200 all the same: else the registry’s other events would wait behind it',
  async (_what, sent, unread) => {
    const { statusCode, lines } = await send(sent);
    expect(statusCode).toBe(200);
    expect(lines.includes(`"HookUnreadable":${unread}`)).toBe(unread > 0);
    expect(lines).not.toContain('hunter2');
  },
);

test('a readable event beside an unreadable one begins what it asks for, and the other is counted', async () => {
  const { statusCode, lines } = await send({ body: envelopeOf(pushEvent({ timestamp: 'hunter2' }), pushEvent()) });
  expect(statusCode).toBe(202);
  expect(lines).toContain('"HookUnreadable":1');
  expect(lines).toContain('an event has another shape than expected at timestamp');
  expect(lines).not.toContain('hunter2');
});

test('a stranger is answered 401, empty, and nothing is read', async () => {
  const { statusCode, body, lines } = await send({ token: 'wrong' });
  expect([statusCode, body]).toEqual([401, undefined]);
  expect(lines).not.toMatch(/wrong|acme|hunter2/);
});

test('503, empty, only when the start could not be recorded', async () => {
  const { statusCode, body } = await send({}, doorOf(failing(memoryWorkflows(), 'start')));
  expect([statusCode, body]).toEqual([503, undefined]);
});

test('its log holds no token, no address and nobody’s name', async () => {
  const { lines } = await send({});
  for (const secret of [registryToken, 'hunter2', '10.0.0.7', '169.254', 'jwt-of']) expect(lines).not.toContain(secret);
});
