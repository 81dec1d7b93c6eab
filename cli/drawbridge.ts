#!/usr/bin/env node
import { readFile as readBytes } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Command } from 'commander';
import { awsRotationDesk } from './aws/aws-rotation-desk.ts';
import { parameterStoreTargetStore } from './aws/parameter-store-target-store.ts';
import { applyLines, checkLines, type Printed } from './lines.ts';
import { progressOn } from './progress.ts';
import { rotateLines } from './rotate-lines.ts';
import { rotate } from './rotate.ts';
import type { RotationDesk } from './rotation-desk.ts';
import type { TargetStore } from './target-store.ts';
import { applyTargets } from './targets-apply.ts';
import { checkTargets } from './targets-check.ts';

const readFile = (path: string): Promise<string> => readBytes(path, 'utf8');

/** Without a region the AWS SDK looks where it always looks: environment, then profile. */
const optionsOf = (region: string | undefined) => (region === undefined ? {} : { region });

/** The stage's targets. */
const storeOf = (stage: string, region: string | undefined): TargetStore =>
  parameterStoreTargetStore(new SSMClient(optionsOf(region)), stage);

/** The stage's rotations. */
const deskOf = (stage: string, region: string | undefined): RotationDesk => {
  const options = optionsOf(region);
  const [secrets, lambda] = [new SecretsManagerClient(options), new LambdaClient(options)];
  return awsRotationDesk({ secrets, lambda, logs: new CloudWatchLogsClient(options) }, stage);
};

const print = ({ lines, ok }: Printed): void => {
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
};

const program = new Command('drawbridge').description('Keeps what Drawbridge deploys, and rotates its secrets.');
const targets = program.command('targets').description('which project and trigger deploys which ECS service');
const region = ['--region <region>', "AWS region (default: the AWS SDK's)"] as const;

targets
  .command('check')
  .description('check files of targets; writes nothing')
  .argument('<file...>', 'JSON files of targets')
  .option('--stage <stage>', 'hold them also against what this deployed stage may touch')
  .option(...region)
  .action(async (files: string[], options: { stage?: string; region?: string }) => {
    const store = options.stage === undefined ? undefined : storeOf(options.stage, options.region);
    print(checkLines(await checkTargets({ readFile, store })({ files })));
  });

targets
  .command('apply')
  .description('check files of targets, then write those that differ; deletes nothing')
  .argument('<file...>', 'JSON files of targets')
  .requiredOption('--stage <stage>', 'the deployed stage whose targets they are')
  .option(...region)
  .action(async (files: string[], options: { stage: string; region?: string }) => {
    print(applyLines(await applyTargets({ readFile, store: storeOf(options.stage, options.region) })({ files })));
  });

program
  .command('rotate')
  .description("have Secrets Manager rotate the hook's secret and GitLab's tokens now, and follow it to the end")
  .requiredOption('--stage <stage>', 'the deployed stage whose secrets they are')
  .option(...region)
  .option('--revoke-now', 'then revoke replaced GitLab tokens at once, also those that a running task may still use')
  .action(async (options: { stage: string; region?: string; revokeNow?: boolean }) => {
    const { revokeNow = false } = options;
    const desk = deskOf(options.stage, options.region);
    const ports = { desk, clock: () => new Date(), pause: (ms: number) => pause(ms), show: progressOn(process.stdout) };
    print(rotateLines(await rotate(ports)({ revokeNow }), revokeNow));
  });

try {
  await program.parseAsync();
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  console.error(`drawbridge: ${name === 'Error' ? '' : `${name}: `}${message}`);
  process.exitCode = 1;
}
