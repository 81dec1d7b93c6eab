import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  clientOptions,
  executionEnd,
  executions,
  gitlab,
  journalled,
  lockOf,
  statesOf,
  stopExecution,
  until,
} from '../support/deployed.ts';
import { pushed, stallNextBlob, storagePath, tellOfPushes } from '../support/deployed-images.ts';
import { endedDeployed } from '../support/deployed-service.ts';

/** Copies that end in the middle, with their execution or without it. */

tellOfPushes();

const logs = new CloudWatchLogsClient(clientOptions);
const lambda = new LambdaClient(clientOptions);
const copyFunction = 'drawbridge-local-copy-image';
const mebibyte = 2 ** 20;
/** as ECR asks for them */
const part = 10 * mebibyte;

/** What the copying function logged of an execution. */
const copyLog = async (execution: string): Promise<string[]> => {
  const logGroupName = `/aws/lambda/${copyFunction}`;
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => message).filter((line) => line.includes(`"${execution}"`));
};

pushed(
  'an execution that is stopped in its copy is recovered, the next push deploys, and the copy, when it comes through, moves no tag',
  'stopped-copy',
  async (scene) => {
    const stalled = await stallNextBlob(scene.images);
    const { execution, digest } = await scene.push({ tag: 'v1' });
    await stalled();
    await stopExecution(execution);
    const recovery = await until('the recovery to begin', async () => (await executions(`${execution}-recover`))[0]);
    expect(await executionEnd(recovery)).toMatchObject({ status: 'FAILED', error: 'ExecutionDied' });
    expect((await journalled(execution))?.end).toMatchObject({ failure: 'ExecutionDied', undo: 'nothing written' });
    expect(await lockOf(scene.name)).not.toHaveProperty('holder');

    const next = await scene.push({ tag: 'v1' });
    expect(await executionEnd(next.execution)).toMatchObject(endedDeployed);
    await gitlab.releaseRegistry();
    const last = await until('the copy of the dead to end', async () => (await copyLog(execution))[0]);
    expect(JSON.parse(last)).toMatchObject({ failure: 'LockLost' });
    expect((await scene.ecr()).images.map((image) => image.digest)).toContain(digest);
    expect(await scene.tagged('v1')).toBe(next.digest);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(next)] }]);
    expect(await scene.updates()).toHaveLength(1);
  },
);

/** Lambda starts the function anew when its configuration changes; MiniStack ends what runs of it as well. */
const killCopies = () =>
  lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: copyFunction, Timeout: 900 }));

pushed(
  'a copy whose function is killed goes on in the next one: what was through is not moved again, a layer under way from the byte that comes next',
  'killed-copy',
  async (scene) => {
    const layers = [{ size: 25 * mebibyte, seed: 'killed-copy' }, { size: 400_000 }];
    const { blobs } = await scene.push({ tag: 'build-1', seed: 'killed-copy', layers });
    const route = `GET ${storagePath(blobs.find(({ size }) => size === 25 * mebibyte)?.digest ?? '')}`;
    await gitlab.setRegistryFault({ route, fault: { kind: 'stall', at: 15 * mebibyte } });
    const image = await scene.push({ tag: 'v1', seed: 'killed-copy', layers });
    await until('a part of the layer and all other blobs to be through', async () => {
      const { uploads, layers: through } = await scene.ecr();
      return uploads[0]?.size === part && through.length === blobs.length - 1 ? true : undefined;
    });
    await killCopies();
    expect(await executionEnd(image.execution)).toMatchObject(endedDeployed);
    expect((await statesOf(image.execution)).filter((state) => state === 'Copy image')).toHaveLength(1);
    expect((await scene.view()).rollouts).toMatchObject([{ images: [scene.pinned(image)] }]);

    const asked = (await gitlab.registryRequests()).filter(({ path }) => route.endsWith(path));
    expect(asked.map(({ range }) => range)).toEqual([undefined, `bytes=${part}-`]);
    const parts = (await scene.ecrCalls('UploadLayerPart')).map(({ input }) => input['partFirstByte']);
    expect(parts.filter((first) => first !== 0)).toEqual([part, 2 * part]);
    expect((await scene.ecr()).bytesReceived).toBe(blobs.reduce((sum, { size }) => sum + size, 0));
  },
);
