import { rotateSecret } from '../../../lib/app/rotate-secret.ts';
import type { Rotation, RotationInput } from '../../../lib/app/rotation.ts';
import { rotationSteps, type RotatedSecret } from '../../../lib/domain/rotation.ts';
import { memorySecrets } from '../../support/memory-secret-versions.ts';

const names = { hook: 'drawbridge/prod/hook', gitlab: 'deploy/gitlab' };
const arnOf = (name: string) => `arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${name}`;

/** Both secrets are being rotated to `v1`; what their rotations were asked stands in `asked`. */
const world = () => {
  const secrets = memorySecrets();
  const asked: [RotatedSecret, string, RotationInput][] = [];
  const rotationOf = (secret: RotatedSecret): Rotation => {
    const stepOf = (step: string) => async (input: RotationInput) => {
      asked.push([secret, step, input]);
      return Promise.resolve(`${step} of ${secret}`);
    };
    const steps = rotationSteps.map((step) => [step, stepOf(step)] as const);
    return Object.fromEntries(steps) as unknown as Rotation;
  };
  for (const name of Object.values(names)) {
    secrets.add(name, { some: 'value' });
    secrets.begin(name, 'v1');
  }
  const verb = rotateSecret({
    secrets: {
      hook: { name: names.hook, versions: secrets.hook, rotation: rotationOf('hook') },
      gitlab: { name: names.gitlab, versions: secrets.gitlab, rotation: rotationOf('gitlab') },
    },
  });
  const ask = (change: Partial<Parameters<typeof verb>[0]> = {}) =>
    verb({ secretId: names.hook, version: 'v1', step: 'createSecret', ...change });
  return { secrets, asked, ask };
};

test.each(rotationSteps)(
  '%s is asked of the rotation of that secret, with what Secrets Manager tells of it',
  async (step) => {
    const { asked, ask } = world();
    expect(await ask({ step })).toEqual({ secret: 'hook', step, result: `${step} of hook` });
    expect(await ask({ step, secretId: names.gitlab })).toEqual({
      secret: 'gitlab',
      step,
      result: `${step} of gitlab`,
    });
    const description = { rotationEnabled: true, labels: { 'edit-1': ['AWSCURRENT'], v1: ['AWSPENDING'] } };
    expect(asked[0]).toEqual(['hook', step, { secret: names.hook, version: 'v1', description }]);
    expect(asked[1]?.[2].secret).toBe(names.gitlab);
  },
);

test.each([
  ['by ARN', arnOf(`${names.hook}-AbC123`)],
  ["by ARN without AWS's characters", arnOf(names.hook)],
])('the secret %s is meant', async (_how, secretId) => {
  expect(await world().ask({ secretId })).toMatchObject({ secret: 'hook' });
});

test.each([
  'drawbridge/prod/hook-AbC123',
  'drawbridge/prod/manager',
  arnOf('drawbridge/prod/hooks'),
  arnOf('drawbridge/prod/hook-AbC12'),
  arnOf('drawbridge/prod/hook-AbC1234'),
  arnOf('drawbridge/prod/hook-old-AbC123'),
  arnOf('drawbridge/prod/hook-Ab_123'),
  arnOf('other/drawbridge/prod/hook-AbC123'),
  `${arnOf(names.hook)}-AbC123:x`,
  `x${arnOf(names.hook)}`,
  names.hook.replace('drawbridge', arnOf('drawbridge')).replace('arn:', 'arn:x/'),
  '',
])('another secret, %j, is refused before anything is asked', async (secretId) => {
  const { asked, ask } = world();
  await expect(ask({ secretId })).rejects.toMatchObject({
    name: 'RotationRefused',
    because: 'this secret is not rotated here',
    facts: { secretId },
  });
  expect(asked).toEqual([]);
});

describe("AWS's own guards", () => {
  const refused = async (it: ReturnType<typeof world>, because: string, change = {}) => {
    await expect(it.ask(change)).rejects.toMatchObject({ name: 'RotationRefused', because });
    expect(it.asked).toEqual([]);
  };

  test('rotation is not enabled: refused, also for a version that is current already', async () => {
    const it = world();
    it.secrets.setRotation(names.hook, false);
    await refused(it, 'rotation is not enabled for this secret', { version: 'edit-1' });
  });

  test('a version without labels is refused', async () => {
    await refused(world(), 'this version is not AWSPENDING', { version: 'v0' });
  });

  test('a version that has other labels is refused', async () => {
    const it = world();
    const old = it.secrets.labelled(names.hook, 'AWSCURRENT') ?? '';
    it.secrets.edit(names.hook, {});
    await refused(it, 'this version is not AWSPENDING', { version: old });
  });

  test('a step that nobody knows is refused', async () => {
    await refused(world(), 'there is no such step', { step: 'deleteSecret' });
    await refused(world(), 'there is no such step', { step: 'toString' });
  });

  test('a version that is current already: quiet, though AWSPENDING stays on it', async () => {
    const it = world();
    await it.secrets.hook.fill(names.hook, 'v1', { webhook_token: 'x' });
    await it.secrets.hook.promote(names.hook, 'v1', it.secrets.labelled(names.hook, 'AWSCURRENT'));
    expect(it.secrets.labelled(names.hook, 'AWSPENDING')).toBe('v1');
    expect(await it.ask({ step: 'finishSecret' })).toEqual({
      secret: 'hook',
      step: 'finishSecret',
      result: 'already current',
    });
    expect(it.asked).toEqual([]);
  });
});
