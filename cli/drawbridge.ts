#!/usr/bin/env node
import { readFile as readBytes } from 'node:fs/promises';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Command } from 'commander';
import { parameterStoreTargetStore } from './aws/parameter-store-target-store.ts';
import { applyLines, checkLines, type Printed } from './lines.ts';
import type { TargetStore } from './target-store.ts';
import { applyTargets } from './targets-apply.ts';
import { checkTargets } from './targets-check.ts';

const readFile = (path: string): Promise<string> => readBytes(path, 'utf8');

/** The stage's targets. Without a region the AWS SDK looks where it always looks: environment, then profile. */
const storeOf = (stage: string, region: string | undefined): TargetStore =>
  parameterStoreTargetStore(new SSMClient(region === undefined ? {} : { region }), stage);

const print = ({ lines, ok }: Printed): void => {
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
};

const program = new Command('drawbridge').description('Keeps what Drawbridge deploys: targets, as files.');
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

try {
  await program.parseAsync();
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  console.error(`drawbridge: ${name === 'Error' ? '' : `${name}: `}${message}`);
  process.exitCode = 1;
}
