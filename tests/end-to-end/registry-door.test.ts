import { SSMClient } from '@aws-sdk/client-ssm';
import { randomUUID } from 'node:crypto';
import { parameterStoreTargetStore } from '../../cli/aws/parameter-store-target-store.ts';
import { repositoryKey } from '../../lib/domain/repository-key.ts';
import { seedNames } from '../../local/seed-names.ts';
import { clientOptions, deployed, executionEnd, executions, gitlab, putTarget } from '../support/deployed.ts';
import { knock } from '../support/deployed-door.ts';
import { envelopeOf, pushEvent } from '../unit/webhooks/registry-events.ts';

/** The registry's door on the deployed stack: what it answers, and what it begins. What becomes of it: copying. */

const registryType = 'application/vnd.docker.distribution.events.v1+json';
const authentic = { 'Content-Type': registryType, Authorization: `Bearer ${deployed.registryToken}` };

const tell = (event: object, headers: Record<string, string> = authentic) =>
  knock(headers, JSON.stringify(envelopeOf(event)), deployed.registryHookUrl);

/** A project whose target waits for images of its own repository; no rule protects their tags. */
const waiting = async (path: string): Promise<{ project: number; repository: string }> => {
  const { id: project } = await gitlab.createProject({ path });
  const repository = `${path}/app`;
  await putTarget(project, 'pushed', {
    on: { image: { repository, tag: 'v*' } },
    ecr_repository: seedNames.repository,
    cluster: seedNames.cluster,
    service: seedNames.service,
    containers: [seedNames.container],
    strategy: { type: 'rolling' },
  });
  await parameterStoreTargetStore(new SSMClient(clientOptions), 'local').writeEntry(repositoryKey(repository), [
    project,
  ]);
  return { project, repository };
};

test.each([
  ['wrong', { ...authentic, Authorization: `Bearer ${'w'.repeat(64)}` }],
  ['missing', { 'Content-Type': registryType }],
  ["the pipeline hook's", { ...authentic, Authorization: `Bearer ${deployed.webhookToken}` }],
])('a token that is %s: 401, empty', async (_what, headers) => {
  expect(await tell(pushEvent(), headers)).toEqual({ status: 401, body: '' });
});

test.each([
  ['not JSON', '{"events":'],
  ['no envelope', '{"events":7}'],
  ['an event of another shape', JSON.stringify(envelopeOf(pushEvent({ id: '' })))],
  ['a push that nobody waits for', JSON.stringify(envelopeOf(pushEvent()))],
  ['5 MiB and a byte', ' '.repeat(5 * 1024 * 1024 + 1)],
])('what is authentic and %s: 200 all the same', async (_what, body) => {
  const answer = await knock(authentic, body, deployed.registryHookUrl);
  expect(answer).toEqual({ status: 200, body: expect.stringContaining('"ignored"') as string });
});

test('a push to GitLab’s registry is told to the door, and nothing but its tagged manifest begins anything', async () => {
  const { repository } = await waiting(`acme/told-${randomUUID().slice(0, 8)}`);
  const headers = { ...deployed.hookHeaders, Authorization: `Bearer ${deployed.registryToken}` };
  await gitlab.registryNotifications({ name: repository, url: deployed.registryHookUrl, headers, timeout: 5_000 });
  const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));
  await gitlab.pushImage({ repository, tag: 'v1', platforms });
  await gitlab.idle();
  const deliveries = (await gitlab.registryDeliveries()).filter((one) => one.repository === repository);
  await gitlab.removeRegistryNotifications({ name: repository });
  expect(deliveries.filter(({ state }) => state !== 'accepted')).toEqual([]);
  expect(deliveries.filter(({ responseStatus }) => responseStatus === 202)).toEqual([
    expect.objectContaining({ action: 'push', tag: 'v1' }),
  ]);
  expect(deliveries.length).toBeGreaterThan(3);
  const { started } = JSON.parse(deliveries.at(-1)?.responseBody ?? '') as { started: { execution: string }[] };
  expect(await executionEnd(started[0]?.execution ?? '')).toMatchObject({ error: 'NotConfirmed' });
}, 60_000);

test('a push that a target waits for begins; it is refused where nothing guards its tag, and begins anew when it is told again', async () => {
  const { project, repository } = await waiting(`acme/door-${randomUUID().slice(0, 8)}`);
  const event = pushEvent({ id: randomUUID() }, { repository });
  const told = await tell(event);
  expect(told.status).toBe(202);
  const { started } = JSON.parse(told.body) as { started: { target: string; execution: string }[] };
  expect(started.map(({ target }) => target)).toEqual([`${project}/pushed`]);
  const execution = started[0]?.execution ?? '';
  expect(await executionEnd(execution)).toMatchObject({
    status: 'FAILED',
    error: 'NotConfirmed',
    cause: expect.stringContaining('no rule of the project protects the tag') as string,
  });
  // Nothing was written: told again, its next attempt begins.
  expect(await tell(event)).toMatchObject({ status: 202 });
  const second = execution.replace(/-1$/, '-2');
  expect(await executionEnd(second)).toMatchObject({ error: 'NotConfirmed' });
  expect((await executions(execution.slice(0, -2))).sort()).toEqual([execution, second]);
}, 60_000);
