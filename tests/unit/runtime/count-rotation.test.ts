import { DeployFailure, RotationFailure } from '../../../lib/domain/failure.ts';
import { countRotationFailure, gaugeDaysLeft } from '../../../lib/runtime/log.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

const printedBy = async (act: () => void): Promise<Record<string, unknown>[]> => {
  const lines = await printedLines(() => {
    act();
    return Promise.resolve();
  });
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

test('of a rotation’s failures only a lost token is counted', async () => {
  const counted = (error: unknown) =>
    printedBy(() => {
      countRotationFailure(error);
    });
  expect(await counted(new RotationFailure('TokenLost', 'x'))).toMatchObject([{ TokenLost: 1 }]);
  for (const other of [new RotationFailure('TokenDead', 'x'), new DeployFailure('AwsUnavailable', 'x'), 'TokenLost'])
    expect(await counted(other)).toEqual([]);
});

test('the days of each credential are measured under its own name', async () => {
  const lines = await printedBy(() => {
    gaugeDaysLeft('gitlab_token', 30);
    gaugeDaysLeft('gitlab_manager_token', 0);
  });
  expect(lines).toMatchObject([
    { CredentialDaysLeft: 30, credential: 'gitlab_token', service: 'drawbridge-dev' },
    { CredentialDaysLeft: 0, credential: 'gitlab_manager_token', service: 'drawbridge-dev' },
  ]);
  const dimensions = { Namespace: 'Drawbridge', Dimensions: [['service', 'credential']] };
  for (const line of lines) expect(line).toMatchObject({ _aws: { CloudWatchMetrics: [dimensions] } });
});
