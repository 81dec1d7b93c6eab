import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoRotationJournal } from '../../lib/adapters/aws/dynamo-rotation-journal.ts';
import { hookVersions } from '../../lib/adapters/aws/secrets-manager-secret-versions.ts';
import type { HookDocument } from '../../lib/domain/rotation-documents.ts';
import { versionLabelled } from '../../lib/domain/rotation.ts';
import type { RotationJournal } from '../../lib/ports/rotation-journal.ts';
import type { SecretVersions } from '../../lib/ports/secret-versions.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { memoryRotationJournal } from '../support/memory-rotation-journal.ts';
import { memorySecrets } from '../support/memory-secret-versions.ts';

/** One meaning, twice: the fakes that the rotation's own tests use must answer as Secrets Manager and the table do. */

let aws: LocalAws;
let client: SecretsManagerClient;
let tables: DynamoDBDocumentClient;
let made = 0;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  client = new SecretsManagerClient(clientOptionsOf(aws));
  tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptionsOf(aws)));
}, 60_000);

afterAll(async () => {
  client.destroy();
  tables.destroy();
  await aws.close();
});

const [first, second, third] = [1, 2, 3].map((digit) => `${digit}`.repeat(32)) as [string, string, string];

interface Secret {
  name: string;
  versions: SecretVersions<HookDocument>;
  begin: (version: string) => Promise<void>;
  edit: (document: object) => Promise<void>;
}

const inMemory = (document?: object): Promise<Secret> => {
  const secrets = memorySecrets();
  secrets.add('hook', document);
  const begin = async (version: string) => {
    secrets.begin('hook', version);
    return Promise.resolve();
  };
  const edit = async (changed: object) => {
    secrets.edit('hook', changed);
    return Promise.resolve();
  };
  return Promise.resolve({ name: 'hook', versions: secrets.hook, begin, edit });
};

/** MiniStack's RotateSecret makes its own version AWSCURRENT; only its PutSecretValue labels one that has no value, as AWS does. */
const inSecretsManager = async (document?: object): Promise<Secret> => {
  made += 1;
  const name = `hook-${made}`;
  const value = (given: object | undefined) => (given === undefined ? {} : { SecretString: JSON.stringify(given) });
  await client.send(new CreateSecretCommand({ Name: name, ...value(document) }));
  const begin = async (ClientRequestToken: string) => {
    const VersionStages = ['AWSPENDING'];
    await client.send(new PutSecretValueCommand({ SecretId: name, ClientRequestToken, VersionStages }));
  };
  const edit = async (changed: object) => {
    await client.send(new PutSecretValueCommand({ SecretId: name, ...value(changed) }));
  };
  return { name, versions: hookVersions(client), begin, edit };
};

const secrets: [string, (document?: object) => Promise<Secret>][] = [
  ['in memory', inMemory],
  ['in Secrets Manager', inSecretsManager],
];

const labelled = async ({ name, versions }: Secret) => {
  const description = await versions.describe(name);
  const labels = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'] as const;
  return labels.map((label) => versionLabelled(description, label));
};

describe.each(secrets)('the versions of a secret %s', (_where, make) => {
  const old = { webhook_token: 'old', other: [1, { deep: true }] };
  const young = { webhook_token: 'young', made_at: '2026-01-05T09:40:00.000Z' };

  test('begin with a label that has no value', async () => {
    const secret = await make(old);
    const [current] = await labelled(secret);
    await secret.begin(first);
    expect(await labelled(secret)).toEqual([current, first, undefined]);
    expect(await secret.versions.value(secret.name, first)).toBeUndefined();
    expect(await secret.versions.value(secret.name, current ?? '')).toEqual(old);
    expect(await secret.versions.value(secret.name, second)).toBeUndefined();
  });

  test('are filled once; the same value again is no other', async () => {
    const secret = await make(old);
    await secret.begin(first);
    expect(await secret.versions.fill(secret.name, first, young)).toBe('filled');
    expect(await secret.versions.fill(secret.name, first, young)).toBe('filled');
    expect(await secret.versions.value(secret.name, first)).toEqual(young);
    expect((await labelled(secret))[1]).toBe(first);
  });

  test('promoted: AWSPREVIOUS follows, AWSPENDING stays, and the next rotation takes it along', async () => {
    const secret = await make(old);
    const [before] = await labelled(secret);
    await secret.begin(first);
    await secret.versions.fill(secret.name, first, young);
    await secret.versions.promote(secret.name, first, before);
    expect(await labelled(secret)).toEqual([first, first, before]);
  });

  test('promoted where there was no value before', async () => {
    const secret = await make();
    const [before] = await labelled(secret);
    expect(before === undefined ? undefined : await secret.versions.value(secret.name, before)).toBeUndefined();
    await secret.begin(first);
    await secret.versions.fill(secret.name, first, young);
    await secret.versions.promote(secret.name, first, before);
    expect((await labelled(secret)).slice(0, 2)).toEqual([first, first]);
  });

  test('AWSCURRENT elsewhere than it was thought to be: nothing is promoted', async () => {
    const secret = await make(old);
    const [before] = await labelled(secret);
    await secret.begin(first);
    await secret.versions.fill(secret.name, first, young);
    await secret.edit({ webhook_token: 'edited' });
    const [edited] = await labelled(secret);
    for (const from of [before, undefined])
      await expect(secret.versions.promote(secret.name, first, from)).rejects.toMatchObject({ name: 'AwsRefused' });
    expect(await labelled(secret)).toEqual([edited, first, before]);
  });

  test('what is not there cannot be promoted', async () => {
    const secret = await make(old);
    const [before] = await labelled(secret);
    await expect(secret.versions.promote(secret.name, third, before)).rejects.toMatchObject({ name: 'AwsRefused' });
  });

  test('AWSPENDING taken off, twice and where it never was: the next rotation may begin', async () => {
    const secret = await make(old);
    await secret.begin(first);
    await secret.versions.fill(secret.name, first, young);
    for (const version of [second, first, first]) await secret.versions.takeOff(secret.name, version);
    expect((await labelled(secret))[1]).toBeUndefined();
    await secret.begin(second);
    expect((await labelled(secret))[1]).toBe(second);
  });

  test('of a secret that is not there are AwsRefused', async () => {
    const { versions } = await make(old);
    await expect(versions.describe('nowhere')).rejects.toMatchObject({ name: 'AwsRefused' });
    await expect(versions.fill('nowhere', first, young)).rejects.toMatchObject({ name: 'AwsRefused' });
  });
});

describe('what AWS does and MiniStack 1.5.33 does not, in memory', () => {
  test('a secret that was made without a value has no version; MiniStack makes one, AWSCURRENT and empty', async () => {
    expect(await labelled(await inMemory())).toEqual([undefined, undefined, undefined]);
  });

  test('another value for a version that has one is not taken; MiniStack overwrites it', async () => {
    const { name, versions, begin } = await inMemory({ webhook_token: 'old' });
    await begin(first);
    await versions.fill(name, first, { webhook_token: 'a' });
    expect(await versions.fill(name, first, { webhook_token: 'b' })).toBe('taken');
    expect(await versions.value(name, first)).toEqual({ webhook_token: 'a' });
  });

  test('a rotation is not begun while another is under way, or where none is configured; MiniStack knows no rotation', async () => {
    const memory = memorySecrets();
    memory.add('hook', {});
    memory.begin('hook', first);
    expect(() => {
      memory.begin('hook', second);
    }).toThrow('InvalidRequestException');
    await memory.hook.fill('hook', first, {});
    await memory.hook.promote('hook', first, memory.labelled('hook', 'AWSCURRENT'));
    memory.begin('hook', second);
    expect(memory.labelled('hook', 'AWSPENDING')).toBe(second);
    await memory.hook.takeOff('hook', second);
    memory.setRotation('hook', false);
    expect((await memory.hook.describe('hook')).rotationEnabled).toBe(false);
    expect(() => {
      memory.begin('hook', third);
    }).toThrow('InvalidRequestException');
  });

  test('a value comes with the label, from wherever it was; in MiniStack two versions carry it then', async () => {
    const memory = memorySecrets();
    memory.add('hook', {});
    memory.begin('hook', first);
    await memory.hook.takeOff('hook', first);
    memory.begin('hook', second);
    await memory.hook.fill('hook', first, {});
    expect(memory.labelled('hook', 'AWSPENDING')).toBe(first);
  });

  test('a version without a value is not promoted; MiniStack does it', async () => {
    const memory = memorySecrets();
    memory.add('hook', {});
    memory.begin('hook', first);
    const promoted = memory.hook.promote('hook', first, memory.labelled('hook', 'AWSCURRENT'));
    await expect(promoted).rejects.toMatchObject({ name: 'AwsRefused' });
  });
});

test('rotation that is configured shows in the description', async () => {
  const { name, versions } = await inSecretsManager({ webhook_token: 'old' });
  expect((await versions.describe(name)).rotationEnabled).toBe(false);
  await client.send(new RotateSecretCommand({ SecretId: name, RotationLambdaARN: 'arn:aws:lambda:x' }));
  expect((await versions.describe(name)).rotationEnabled).toBe(true);
});

const journalInDynamo = async (): Promise<RotationJournal> => {
  made += 1;
  const table = `journal-${made}`;
  await tables.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  // The other secret's record is beside it.
  await dynamoRotationJournal(tables, { table, secret: 'gitlab' }).write({ revision: 0, startedAt: 'elsewhere' });
  return dynamoRotationJournal(tables, { table, secret: 'hook' });
};

const journals: [string, () => Promise<RotationJournal>][] = [
  ['in memory', () => Promise.resolve(memoryRotationJournal())],
  ['in DynamoDB', journalInDynamo],
];

describe.each(journals)('the journal of a rotation %s', (_where, make) => {
  test('begins empty', async () => {
    expect(await (await make()).read()).toEqual({ revision: 0 });
  });

  test('keeps the whole record, and forgets what the next one leaves out', async () => {
    const journal = await make();
    const attempt = { base: first, at: '2026-01-05T09:40:00Z', aliveAt: '2026-01-05T09:41:00Z' };
    const record = { current: { version: first, since: '2026-01-05T09:40:00Z' }, startedAt: 'then', attempt };
    expect(await journal.write({ revision: 0, ...record, plainNext: true })).toBe(true);
    expect(await journal.read()).toEqual({ revision: 1, ...record, plainNext: true });
    expect(await journal.write({ revision: 1, startedAt: 'later' })).toBe(true);
    expect(await journal.read()).toEqual({ revision: 2, startedAt: 'later' });
  });

  test('of two that have read the same, one writes', async () => {
    const journal = await make();
    expect(await journal.write({ revision: 0, startedAt: 'one' })).toBe(true);
    expect(await journal.write({ revision: 0, startedAt: 'two' })).toBe(false);
    expect(await journal.write({ revision: 1, startedAt: 'three' })).toBe(true);
    expect(await journal.write({ revision: 1, startedAt: 'four' })).toBe(false);
    expect(await journal.read()).toEqual({ revision: 2, startedAt: 'three' });
  });
});
