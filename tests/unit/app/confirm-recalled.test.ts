import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { failing } from '../../support/memory-faults.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { confirm } from '../../../lib/app/confirm.ts';
import {
  copyRule,
  digest,
  end,
  found,
  operatorOfDeployment,
  record,
  registry,
  sha,
  target,
  without,
} from '../../support/samples.ts';
import { confirmWorld, input } from './confirm-world.ts';

/** An operator goes back to an earlier deployment: the journal answers, and GitLab may be down. */

const earlier = (change: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  record({ deployment: 'web-0', found, end: end(), ...change });

const world = (...records: DeploymentRecord[]) => {
  const here = confirmWorld(target());
  here.gitlab.down = 'down';
  here.registry.down = new DeployFailure('RegistryUnavailable', 'down');
  for (const one of records) here.journal.records.set(one.deployment, one);
  return { ...here, back: () => here.ask({ cause: operatorOfDeployment }) };
};

test('its image is sought in ECR by digest, and neither GitLab nor its registry is asked', async () => {
  const { back, journal, registry: tags } = world(earlier());
  const image = { host: registry, repository: 'acme/web', tag: sha, digest };
  expect(await back()).toEqual({ done: true, image, copy: false });
  expect(tags.asked).toBe(0);
  expect(journal.records.get('web-1')).toEqual(
    record({ cause: operatorOfDeployment, askedAt: operatorOfDeployment.at, key: [] }),
  );
});

test('what was copied may be copied again, from where it came', async () => {
  const copy = { ...copyRule, from: { repository: 'acme/web/app', tag: 'v1' } };
  const { back, journal } = world(earlier({ copy }));
  expect(await back()).toMatchObject({ done: true, copy: true });
  expect(journal.records.get('web-1')).toMatchObject({ copy });
});

test('of a pushed image nothing is said of a commit', async () => {
  const { back, journal } = world(without(without(earlier(), 'sha'), 'ref'));
  await back();
  expect(journal.records.get('web-1')).not.toHaveProperty('sha');
});

test.each<[string, DeploymentRecord[]]>([
  ['the journal does not know it', []],
  ['it was of another target', [earlier({ target: '4711/other' })]],
  ['it failed', [earlier({ end: end({ outcome: 'failed', failure: 'RolloutFailed' }) })]],
  ['it found its image there already', [earlier({ end: end({ outcome: 'already deployed' }) })]],
  ['it goes on', [without(earlier(), 'end')]],
])('NotConfirmed at once: %s', async (_what, records) => {
  const { back, journal } = world(...records);
  await expect(back()).rejects.toMatchObject({ name: 'NotConfirmed' });
  expect(journal.records.has('web-1')).toBe(false);
});

test.each([
  ['in another registry', { image: 'elsewhere.example.com/acme/web:v1' }],
  ['in a repository that the stack may not touch', { image: `${registry}/other/web:v1` }],
])('OutsideStack: its image is %s, whoever wrote that into the journal', async (_what, change) => {
  await expect(world(earlier(change)).back()).rejects.toMatchObject({ name: 'OutsideStack' });
});

test('a target that is gone is TargetMissing here too', async () => {
  const { back, targets } = world(earlier());
  targets.targets.length = 0;
  await expect(back()).rejects.toMatchObject({ name: 'TargetMissing' });
});

test('a journal that does not answer is no word against it', async () => {
  const here = world(earlier());
  const failure = new DeployFailure('AwsUnavailable', 'x');
  const asking = confirm({ ...here, journal: failing(here.journal, 'read', { failure }) });
  await expect(asking({ ...input, cause: operatorOfDeployment })).rejects.toBe(failure);
});
