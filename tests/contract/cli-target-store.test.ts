import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreTargetStore } from '../../cli/aws/parameter-store-target-store.ts';
import type { TargetStore } from '../../cli/target-store.ts';
import { parameterStoreRepositoryIndex } from '../../lib/adapters/aws/parameter-store-repository-index.ts';
import { repositoryKey } from '../../lib/domain/repository-key.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { bounds, memoryTargetStore } from '../unit/cli/memory-target-store.ts';

let aws: LocalAws;
let client: SSMClient;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: bounds.region });
  client = new SSMClient(clientOptionsOf(aws));
}, 90_000);

afterAll(async () => {
  client.destroy();
  await aws.close();
});

const put = (Name: string, Value: string) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));

const stores: Record<string, (stage: string) => Promise<TargetStore>> = {
  'in memory': () => Promise.resolve(memoryTargetStore()),
  'in Parameter Store': async (stage) => {
    await put(`/drawbridge/${stage}/bounds`, JSON.stringify(bounds));
    return parameterStoreTargetStore(client, stage);
  },
};

describe.each(Object.entries(stores))('targets %s', (_, open) => {
  test('tell what the stack may touch', async () => {
    expect(await (await open('told')).bounds()).toEqual(bounds);
  });

  test('are none at first, then what was written last, each in its own project', async () => {
    const store = await open('kept');
    expect(await store.documents(4711)).toEqual(new Map());
    await store.write({ project: 4711, name: 'web' }, '{"a":1}');
    await store.write({ project: 4711, name: 'web' }, '{"a":{"b":"{sha}"}}');
    await store.write({ project: 471, name: 'job' }, '{}');
    expect(await store.documents(4711)).toEqual(new Map([['web', '{"a":{"b":"{sha}"}}']]));
  });

  test('are all listed, however many there are', async () => {
    const store = await open('many');
    const names = Array.from({ length: 23 }, (_unused, index) => `target-${index}`);
    for (const name of names) await store.write({ project: 4711, name }, '{}');
    expect([...(await store.documents(4711)).keys()].sort()).toEqual(names.sort());
  });
});

describe.each(Object.entries(stores))('the repository index %s', (_, open) => {
  test('is empty at first, then what was written last', async () => {
    const store = await open('indexed');
    expect(await store.entries()).toEqual(new Map());
    await store.writeEntry('a'.repeat(64), [4711]);
    await store.writeEntry('b'.repeat(64), [1, 2]);
    await store.writeEntry('a'.repeat(64), [4711, 7]);
    await store.write({ project: 4711, name: 'web' }, '{}');
    expect(await store.entries()).toEqual(
      new Map([
        ['a'.repeat(64), [4711, 7]],
        ['b'.repeat(64), [1, 2]],
      ]),
    );
  });
});

test('an entry of the repository index is stored where the registry hook looks for it, a bad one is told apart', async () => {
  const store = parameterStoreTargetStore(client, 'prod');
  await store.writeEntry(repositoryKey('acme/web'), [4711]);
  const index = parameterStoreRepositoryIndex(client, '/drawbridge/prod/repositories');
  expect(await index.projectsOf('acme/web')).toEqual({ projects: [4711], broken: [] });
  await put(`/drawbridge/prod/repositories/${repositoryKey('acme/odd')}`, '{}');
  expect((await store.entries()).get(repositoryKey('acme/odd'))).toBeUndefined();
});

test("a target is stored where the stack's functions look for it, as a plain standard parameter", async () => {
  await parameterStoreTargetStore(client, 'prod').write({ project: 4711, name: 'web' }, '{"a":1}');
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/drawbridge/prod/targets/4711/web' }));
  expect(Parameter).toMatchObject({ Type: 'String', Value: '{"a":1}' });
});

test('a stage that is not deployed is told by the parameter that is not there', async () => {
  const asked = parameterStoreTargetStore(client, 'nowhere').bounds();
  await expect(asked).rejects.toThrow('there is no parameter /drawbridge/nowhere/bounds: is this stage deployed');
});

test('bounds of another form are refused', async () => {
  await put('/drawbridge/odd/bounds', '{"account":"123456789012"}');
  const asked = parameterStoreTargetStore(client, 'odd').bounds();
  await expect(asked).rejects.toThrow("parameter /drawbridge/odd/bounds is not what this version's stack writes");
});
