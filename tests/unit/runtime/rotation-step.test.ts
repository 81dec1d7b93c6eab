import type { RotateSecretInput } from '../../../lib/app/rotate-secret.ts';
import { RotationFailure } from '../../../lib/domain/failure.ts';
import { rotationStep } from '../../../lib/runtime/rotation-step.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

const event = { SecretId: 'arn:hook-abcdef', ClientRequestToken: 'version-2', Step: 'setSecret' };

const run = async (verb: (input: RotateSecretInput, remaining: () => number) => Promise<string>) => {
  const step = rotationStep((remaining) => async (input) => {
    const result = await verb(input, remaining);
    return { secret: 'hook', step: input.step, result };
  });
  let failure: unknown;
  const lines = await printedLines(async () => {
    await step(event, { getRemainingTimeInMillis: () => 4_711 }).catch((error: unknown) => (failure = error));
  });
  return { failure, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

test('Secrets Manager’s words become ours, the time left is told, and one line says what it came to', async () => {
  const seen: unknown[] = [];
  const { lines } = await run((input, remaining) => {
    seen.push(input, remaining());
    return Promise.resolve('set');
  });
  expect(seen).toEqual([{ secretId: 'arn:hook-abcdef', version: 'version-2', step: 'setSecret' }, 4_711]);
  const line = {
    message: 'rotate-secret',
    secretId: 'arn:hook-abcdef',
    secret: 'hook',
    step: 'setSecret',
    result: 'set',
  };
  expect(lines).toMatchObject([line]);
});

test.each([
  ['TokenLost', 1],
  ['NotProven', 0],
] as const)(
  'a step that ends as %s fails, is told by name, and is counted %i times for the alarm',
  async (name, times) => {
    const lost = new RotationFailure(name, 'x');
    const { failure, lines } = await run(() => Promise.reject(lost));
    expect(failure).toBe(lost);
    expect(lines[0]).toMatchObject({ message: 'rotate-secret', failure: name, step: 'setSecret' });
    expect(lines.filter((line) => 'TokenLost' in line)).toHaveLength(times);
  },
);
