import { clearPending, promoteVersion } from '../../../lib/app/promote-version.ts';
import { memorySecrets } from '../../support/memory-secret-versions.ts';

const secret = 'drawbridge-hook';

/** A secret in use, and the version that is to come, which has its value. */
const rotating = async () => {
  const secrets = memorySecrets();
  const base = secrets.add(secret, { webhook_token: 'old' });
  secrets.begin(secret, 'next');
  await secrets.hook.fill(secret, 'next', { webhook_token: 'new' });
  const description = await secrets.hook.describe(secret);
  return { secrets, base, input: { secret, version: 'next', description } };
};

test('the version becomes AWSCURRENT', async () => {
  const { secrets, base, input } = await rotating();
  await expect(promoteVersion(secrets.hook, input, base)).resolves.toBe('promoted');
  expect(secrets.labelled(secret, 'AWSCURRENT')).toBe('next');
});

test('what another invocation has promoted meanwhile is done', async () => {
  const { secrets, base, input } = await rotating();
  await secrets.hook.promote(secret, 'next', base);
  await expect(promoteVersion(secrets.hook, input, base)).resolves.toBe('already current');
});

test('it stays refused when another version is AWSCURRENT', async () => {
  const { secrets, base, input } = await rotating();
  secrets.edit(secret, { webhook_token: 'by hand' });
  await expect(promoteVersion(secrets.hook, input, base)).rejects.toMatchObject({ name: 'AwsRefused' });
});

test('AWSPENDING goes off when whoever was reading has both labels, and not before', async () => {
  const { secrets, base, input } = await rotating();
  await promoteVersion(secrets.hook, input, base);
  const pauses: number[] = [];
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    expect(secrets.labelled(secret, 'AWSPENDING')).toBe('next');
    return Promise.resolve();
  };
  await clearPending({ versions: secrets.hook, pause, drain: 15_000 }, input);
  expect(pauses).toEqual([15_000]);
  expect(secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
});
