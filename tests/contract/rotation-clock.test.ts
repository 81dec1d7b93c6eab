import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
  type RotateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { virtualClock, type VirtualClock } from '../../local/clock.ts';
import { startRecorder, toldAt, type Recorder } from '../../local/recorder/recorder.ts';
import { createRotationClock, type RotationClock } from '../../local/secrets/rotation-clock.ts';
import type { RotationView } from '../../local/secrets/rotation-views.ts';
import { createSecretsFront, type SecretsFront } from '../../local/secrets/secrets-front.ts';

/** Secrets Manager's own part in a rotation, and what MiniStack has not of it: before a Lambda that is played here. */

interface Event {
  SecretId: string;
  ClientRequestToken: string;
  Step: string;
}

let aws: LocalAws;
let lambda: Server;
let policy: string;
let rotation: (event: Event) => Promise<void>;
let clock: VirtualClock;
let rotations: RotationClock;
let front: SecretsFront;
let recorder: Recorder;
let client: SecretsManagerClient;
let secret: string;

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const permitted = JSON.stringify({ Statement: [{ Principal: { Service: 'secretsmanager.amazonaws.com' } }] });

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  lambda = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      if (request.url?.endsWith('/policy')) return response.end(JSON.stringify({ Policy: policy }));
      return rotation(JSON.parse(body) as Event).then(
        () => response.end('{}'),
        (error: unknown) => {
          response.setHeader('X-Amz-Function-Error', 'Unhandled');
          response.end(JSON.stringify({ errorType: error instanceof Error ? error.name : 'unknown' }));
        },
      );
    });
  });
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
}, 60_000);

afterAll(async () => {
  lambda.closeAllConnections();
  await new Promise((resolve) => lambda.close(resolve));
  await aws.close();
});

beforeEach(async () => {
  policy = permitted;
  rotation = () => Promise.resolve();
  clock = virtualClock();
  const options = clientOptionsOf(aws);
  const lambdaUrl = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`;
  const secrets = new SecretsManagerClient(options);
  rotations = createRotationClock({ secrets, lambda: new LambdaClient({ ...options, endpoint: lambdaUrl }) }, clock);
  front = createSecretsFront(secrets, rotations);
  const { region, account } = aws;
  const tells = { '/_rotations': () => rotations.rotations };
  recorder = await startRecorder({ upstream: aws.url, clock, region, account, front: front.answer, tells });
  client = new SecretsManagerClient({ ...options, endpoint: recorder.url, maxAttempts: 1 });
  secret = `a/${randomUUID()}`;
  await client.send(new CreateSecretCommand({ Name: secret, SecretString: 'first' }));
});

afterEach(async () => {
  await rotations.close();
  await recorder.close();
});

const rotate = (more: Partial<RotateSecretCommandInput> = {}) =>
  client.send(new RotateSecretCommand({ SecretId: secret, RotationLambdaARN: 'rotate', ...more }));

const labels = async () =>
  (await client.send(new DescribeSecretCommand({ SecretId: secret }))).VersionIdsToStages ?? {};

const valueOf = async (VersionId: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId: secret, VersionId }))).SecretString;

const put = (version: string, SecretString: string, VersionStages = ['AWSPENDING']) =>
  client.send(
    new PutSecretValueCommand({ SecretId: secret, ClientRequestToken: version, SecretString, VersionStages }),
  );

const promote = async (version: string): Promise<void> => {
  const [from] = Object.entries(await labels()).find(([, carried]) => carried.includes('AWSCURRENT')) ?? [];
  const moved = { SecretId: secret, VersionStage: 'AWSCURRENT', MoveToVersionId: version, RemoveFromVersionId: from };
  await client.send(new UpdateSecretVersionStageCommand(moved));
};

/** What a rotation does, in short. */
const works = async ({ ClientRequestToken: version, Step }: Event): Promise<void> => {
  if (Step === 'createSecret') await put(version, `value of ${version}`);
  if (Step === 'finishSecret') await promote(version);
};

const named = (name: string): Error => Object.assign(new Error('it does not work'), { name });

/** Moves time on until the rotation has ended. */
const ended = async (version: string | undefined): Promise<RotationView> => {
  const limit = Date.now() + 10_000;
  for (;;) {
    const seen = (await toldAt(recorder.url, '/_rotations')) as RotationView[];
    const found = seen.find((one) => one.version === version);
    if (found?.end !== undefined) return found;
    if (Date.now() > limit) throw new Error(`it has not ended: ${JSON.stringify(seen)}`);
    clock.advance(1_000);
  }
};

const stepsOf = ({ steps }: RotationView) => steps.map(({ step, error }) => error ?? step);

test('a secret that was made without a value has no version, as in AWS', async () => {
  secret = `b/${randomUUID()}`;
  await client.send(new CreateSecretCommand({ Name: secret }));
  expect(await labels()).toEqual({});
  const value = client.send(new GetSecretValueCommand({ SecretId: secret }));
  await expect(value).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a rotation that is cancelled is one that nobody has configured', async () => {
  await rotate({ RotateImmediately: false });
  await client.send(new CancelRotateSecretCommand({ SecretId: secret }));
  const { RotationEnabled } = await client.send(new DescribeSecretCommand({ SecretId: secret }));
  expect(RotationEnabled).toBe(false);
  const again = client.send(new RotateSecretCommand({ SecretId: secret }));
  await expect(again).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test('a rotation begins with a label without a value, goes through the steps, and leaves AWSPENDING beside AWSCURRENT', async () => {
  let empty: unknown;
  rotation = async (event) => {
    if (event.Step === 'createSecret') empty = await valueOf(event.ClientRequestToken).catch((error: unknown) => error);
    await works(event);
  };
  const { VersionId = '' } = await rotate();
  const seen = await ended(VersionId);
  expect(empty).toMatchObject({ name: 'ResourceNotFoundException' });
  expect([seen.end, ...stepsOf(seen)]).toEqual(['promoted', 'createSecret', 'setSecret', 'testSecret', 'finishSecret']);
  expect((await labels())[VersionId]?.sort()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  const described = await client.send(new DescribeSecretCommand({ SecretId: secret }));
  expect(described).toMatchObject({ RotationEnabled: true, RotationLambdaARN: 'rotate' });
  expect(front.put).toContain(`value of ${VersionId}`);
});

test('the next one takes AWSPENDING off the version that is in use', async () => {
  rotation = works;
  const first = await rotate();
  await ended(first.VersionId);
  const { VersionId = '' } = await rotate({ RotationLambdaARN: undefined });
  await ended(VersionId);
  const carried = await labels();
  expect(carried[VersionId]?.sort()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  expect(carried[first.VersionId ?? '']).toEqual(['AWSPREVIOUS']);
});

test('after an error it begins again with the same version from createSecret', async () => {
  let failures = 2;
  rotation = async (event) => {
    if (event.Step === 'testSecret' && failures-- > 0) throw named('NotProven');
    await works(event);
  };
  const { VersionId } = await rotate();
  expect(stepsOf(await ended(VersionId))).toEqual([
    ...['createSecret', 'setSecret', 'NotProven', 'createSecret', 'setSecret', 'NotProven'],
    ...['createSecret', 'setSecret', 'testSecret', 'finishSecret'],
  ]);
});

test('one whose AWSPENDING was taken off is given up, and another may begin', async () => {
  rotation = async ({ ClientRequestToken: version }) => {
    const moved = { SecretId: secret, VersionStage: 'AWSPENDING', RemoveFromVersionId: version };
    await client.send(new UpdateSecretVersionStageCommand(moved));
    throw named('BaseChanged');
  };
  const { VersionId } = await rotate();
  expect(await ended(VersionId)).toMatchObject({ end: 'given up', steps: [{ error: 'BaseChanged' }] });
  rotation = works;
  expect(await ended((await rotate()).VersionId)).toMatchObject({ end: 'promoted' });
});

test('while one is under way another is refused; asked for by the same token it is the same one', async () => {
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (go = resolve));
  rotation = async (event) => {
    await gone;
    await works(event);
  };
  const ClientRequestToken = randomUUID();
  await rotate({ ClientRequestToken });
  await expect(rotate()).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
  expect(await rotate({ ClientRequestToken })).toMatchObject({ VersionId: ClientRequestToken });
  go();
  await ended(ClientRequestToken);
  expect(rotations.rotations).toHaveLength(1);
});

test('one that nobody follows any more is taken up again when another is asked for', async () => {
  rotation = works;
  const left = randomUUID();
  await put(left, `value of ${left}`);
  await expect(rotate()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect(await ended(left)).toMatchObject({ end: 'promoted' });
});

test('RotateImmediately false calls testSecret alone, and leaves nothing', async () => {
  const before = await labels();
  const { VersionId } = await rotate({ RotateImmediately: false });
  expect(stepsOf(await ended(VersionId))).toEqual(['testSecret']);
  expect(await labels()).toEqual(before);
});

test('a Lambda that Secrets Manager may not call is refused, and so is a secret without one or that is not there', async () => {
  await expect(rotate({ RotationLambdaARN: undefined })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  policy = '{}';
  await expect(rotate()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(rotate({ SecretId: 'a/none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await labels()).toEqual({ [Object.keys(await labels())[0] ?? '']: ['AWSCURRENT'] });
});

test('a version keeps its value: the same once more is nothing, another is refused, also at once', async () => {
  const version = randomUUID();
  const [one, two] = await Promise.allSettled([put(version, 'one'), put(version, 'two')]);
  expect(one).toMatchObject({ status: 'fulfilled' });
  expect(two).toMatchObject({ status: 'rejected', reason: { name: 'ResourceExistsException' } });
  expect(await put(version, 'one')).toMatchObject({ VersionId: version });
  expect(await valueOf(version)).toBe('one');
});
