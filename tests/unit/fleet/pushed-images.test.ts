import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { indexOf, manifestOf, part, sha256 } from './pushing.ts';
import { HOST, rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const ARM: Partial<RegisterTaskDefinitionRequest> = { runtimePlatform: { cpuArchitecture: 'ARM64' } };

/** Puts an image whose config says this; tells its digest. */
const put = (it: Rehearsed, config: object): string => {
  const repositoryName = 'web';
  const bytes = Buffer.from(JSON.stringify(config));
  const { uploadId } = it.call('ecr', 'InitiateLayerUpload', { repositoryName });
  it.call('ecr', 'UploadLayerPart', { repositoryName, ...part(String(uploadId), 0, bytes) });
  it.call('ecr', 'CompleteLayerUpload', { repositoryName, uploadId, layerDigests: [sha256(bytes)] });
  return putManifest(it, JSON.stringify(manifestOf([bytes.toString()])));
};

const putManifest = (it: Rehearsed, imageManifest: string): string => {
  it.call('ecr', 'PutImage', { repositoryName: 'web', imageManifest });
  return sha256(imageManifest);
};

const labelled = (architecture: string, behaviour: unknown): object => ({
  os: 'linux',
  architecture,
  config: { Labels: { 'rehearsal.behaviour': typeof behaviour === 'string' ? behaviour : JSON.stringify(behaviour) } },
});

const roll = (it: Rehearsed, digest: string, more: Partial<RegisterTaskDefinitionRequest> = {}): void => {
  const taskDefinition = it.register(`${HOST}/web@${digest}`, more);
  it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', taskDefinition });
};

/** Why the newest task of the new revision stopped, once one has. */
const stopped = (it: Rehearsed): { stoppedReason?: string | undefined; exitCode?: number | undefined } => {
  it.until('a task stopped', () => it.tasks('STOPPED').length > 0);
  const [task] = it.tasks('STOPPED');
  return { stoppedReason: task?.stoppedReason, exitCode: task?.containers?.[0]?.exitCode };
};

test('a pushed image does what the label of its config says', () => {
  const it = rehearsed();
  roll(it, put(it, labelled('amd64', { does: 'exit', code: 42, after: 3 })));
  expect(stopped(it).exitCode).toBe(42);
});

test('without a label it becomes healthy, and tasks tell its digest', () => {
  const it = rehearsed();
  const digest = put(it, { os: 'linux', architecture: 'amd64' });
  roll(it, digest);
  it.until('the new revision runs alone', it.stable);
  expect(it.tasks().map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([digest, digest]);
  expect(it.deployments()[0]?.status).toBe('SUCCESSFUL');
});

test.each(['no JSON', { does: 'nothing that is known' }])('a label that is no behaviour is told: %j', (label) => {
  const it = rehearsed();
  roll(it, put(it, labelled('amd64', label)));
  expect(stopped(it).stoppedReason).toMatch(/the label rehearsal\.behaviour is no ImageBehaviour/);
});

test('of an index the task runs the image for its platform, and tells the index’s digest', () => {
  const [it, arm] = [rehearsed(), rehearsed()];
  const push = (to: Rehearsed): string => {
    const amd64 = put(to, labelled('amd64', { does: 'become healthy', after: 1 }));
    const arm64 = put(to, labelled('arm64', { does: 'exit', code: 64, after: 1 }));
    const inner = putManifest(to, indexOf([{ digest: arm64, architecture: 'arm64' }]));
    const nested = { digest: inner, os: 'unknown', architecture: 'unknown' };
    return putManifest(to, indexOf([nested, { digest: amd64 }]));
  };
  const index = push(it);
  roll(it, index);
  it.until('the new revision runs alone', it.stable);
  expect(it.tasks().map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([index, index]);
  roll(arm, push(arm), ARM);
  expect(stopped(arm).exitCode).toBe(64);
});

test('an index without an image for the platform cannot be pulled', () => {
  const it = rehearsed();
  const arm64 = put(it, labelled('arm64', { does: 'become healthy', after: 1 }));
  roll(it, putManifest(it, indexOf([{ digest: arm64, architecture: 'arm64' }])));
  expect(stopped(it).stoppedReason).toBe(
    "CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
  );
});

test('an image for another platform that stands alone is pulled, and its program does not run', () => {
  const it = rehearsed();
  roll(it, put(it, labelled('arm64', { does: 'become healthy', after: 1 })));
  expect(stopped(it).exitCode).toBe(1);
  const arm = rehearsed();
  const digest = put(arm, labelled('arm64', { does: 'become healthy', after: 1 }));
  roll(arm, digest, ARM);
  arm.until('the new revision runs alone', arm.stable);
});
