import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOptionsOf, startAws } from '../../local/aws.ts';
import type { LocalAws } from '../../local/aws.ts';
import { startChild } from '../../local/children.ts';

const project = join(import.meta.dirname, '..', '..');
const patience = 60_000;

/** Ids of the processes that have this text in their environment: MiniStack and whatever it started. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

const until = async (condition: () => boolean, limitMs: number): Promise<void> => {
  const deadline = Date.now() + limitMs;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
};

const clientOf = (aws: LocalAws) => new DynamoDBClient({ ...clientOptionsOf(aws), maxAttempts: 1 });

const startScript = `
  const { startAws } = await import('${join(project, 'local', 'aws.ts')}');
  const { url } = await startAws({ speed: 20, region: 'us-gov-west-1' });
  console.log(url);
  setInterval(() => {}, 1000);`;

describe('the local AWS', () => {
  test(
    'answers its administrator, refuses an unknown key, and leaves nothing behind',
    async () => {
      const aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
      const port = `GATEWAY_PORT=${new URL(aws.url).port}`;
      try {
        expect(processesWith(port)).not.toEqual([]);
        await expect(clientOf(aws).send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
        const stranger = clientOf({ ...aws, accessKeyId: 'AKIASTRANGER' });
        await expect(stranger.send(new ListTablesCommand({}))).rejects.toMatchObject({
          name: 'UnrecognizedClientException',
        });
      } finally {
        await aws.close();
      }
      expect(processesWith(port)).toEqual([]);
    },
    patience,
  );

  test(
    'two run side by side',
    async () => {
      const started = await Promise.allSettled(
        ['us-gov-west-1', 'us-east-1'].map((region) => startAws({ speed: 20, region })),
      );
      const both = started.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
      const answers = await Promise.all(both.map((aws) => clientOf(aws).send(new ListTablesCommand({}))));
      await Promise.all(both.map((aws) => aws.close()));
      expect(new Set(both.map(({ url }) => url)).size).toBe(2);
      expect(answers.map(({ TableNames }) => TableNames)).toEqual([[], []]);
    },
    patience,
  );

  test(
    'ends with the process that started it, even when that one is killed',
    async () => {
      const parent = spawn(process.execPath, ['--input-type=module', '--eval', startScript]);
      const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
      const port = `GATEWAY_PORT=${new URL(printed.toString().trim()).port}`;
      const [server] = processesWith(port);
      const folder = readFileSync(`/proc/${String(server)}/environ`, 'utf8')
        .split('\0')
        .find((entry) => entry.startsWith('TMPDIR='));
      parent.kill('SIGKILL');
      await until(() => processesWith(port).length === 0 && !existsSync(String(folder).slice(7)), 5_000);
      expect(processesWith(port)).toEqual([]);
      expect(existsSync(String(folder).slice(7))).toBe(false);
    },
    patience,
  );
});

test.each([
  ['it', "trap '' TERM; sleep 600 & sleep 600"],
  ['what it started', "(trap '' TERM; sleep 600) >/dev/null 2>&1 & sleep 600"],
])(
  'a child is ended with all that it started, also when %s ignores SIGTERM',
  async (who, script) => {
    const mark = `DRAWBRIDGE_TEST=${process.pid} ${who}`;
    const env = { DRAWBRIDGE_TEST: `${process.pid} ${who}`, PATH: process.env.PATH };
    const child = startChild('/bin/sh', ['-c', script], { env });
    await until(() => processesWith(mark).length >= 3, 5_000);
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(3);
    await child.end();
    await until(() => processesWith(mark).length === 0, 1_000);
    expect(processesWith(mark)).toEqual([]);
  },
  20_000,
);

test('a program that is not there is an error that says so', async () => {
  const child = startChild('no-such-program', [], { env: {} });
  await expect(child.exited).resolves.toBe(127);
  expect(child.lastOutput()).toContain('cannot start no-such-program');
});
