import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { seedNames } from '../../local/seed-names.ts';
import {
  clientOptions,
  executionEnd,
  executions,
  healthy,
  rehearsed,
  statesOf,
  stopExecution,
  unhealthy,
  until,
} from '../support/deployed.ts';
import { endedDeployed, other, told } from '../support/deployed-service.ts';
import { withoutRight } from '../support/deployed-door.ts';

/** What functions ask of AWS only when something rare has happened. */

const lambda = new LambdaClient(clientOptions);

/** EventBridge tells everything at least once: recover hears of this execution's end again. */
const tellAgain = async (name: string): Promise<void> => {
  const Payload = Buffer.from(JSON.stringify({ detail: { name } }));
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-recover', Payload }));
  expect(FunctionError).toBeUndefined();
};

rehearsed(
  'a dead holder whose death nobody was told: the one behind it starts the recovery, the belated word starts no other',
  'untold-death',
  async (scene) => {
    const first = await scene.release(unhealthy);
    await until('the rollout to be followed', async () =>
      (await statesOf(first.execution)).includes('Check rollout') ? true : undefined,
    );
    const second = await scene.release(healthy);
    const recovery = await withoutRight(
      'dynamodb:GetItem',
      async () => {
        await stopExecution(first.execution);
        return until('the recovery to begin', async () => (await executions(`${first.execution}-recover`))[0]);
      },
      'RecoverRole',
    );
    await tellAgain(first.execution);
    expect(await executionEnd(recovery)).toMatchObject({ status: 'FAILED', error: 'ExecutionDied' });
    expect(await executionEnd(second.execution)).toMatchObject(endedDeployed);
    expect(await executions(`${first.execution}-recover`)).toEqual([recovery]);
  },
  { service: { circuitBreaker: { enable: false, rollback: false } } },
);

rehearsed(
  'somebody restarts the tasks of what we deployed: the rollout is of our revision, and not waited for',
  'restarted',
  async (scene) => {
    const first = await scene.release(healthy);
    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    const service = { cluster: seedNames.cluster, service: scene.name };
    await other.updateService({ ...service, forceNewDeployment: true });
    await told(scene, 2);
    const second = await scene.release(healthy);
    expect(await executionEnd(second.execution)).toMatchObject(endedDeployed);
    expect((await statesOf(second.execution)).filter((state) => state === 'Look')).toHaveLength(1);
  },
);
