import { readFile as readBytes } from 'node:fs/promises';
import type { Command } from 'commander';
import { deployedTargets } from '../aws/deployed-targets.ts';
import { parameterStoreTargetStore } from '../aws/parameter-store-target-store.ts';
import { ssmClient } from '../aws/ssm-client.ts';
import { print } from '../printed.ts';
import { applyLines, checkLines } from '../target-lines.ts';
import type { TargetStore } from '../target-store.ts';
import { applyTargets } from '../targets-apply.ts';
import { checkTargets } from '../targets-check.ts';
import { listLines } from '../targets-list-lines.ts';
import { listTargets } from '../targets-list.ts';
import {
  clientOptions,
  json,
  project,
  region,
  withStage,
  type ExamineOptions,
  type StageOptions,
} from './stage-options.ts';

const readFile = (path: string): Promise<string> => readBytes(path, 'utf8');

const storeOf = (options: StageOptions): TargetStore =>
  parameterStoreTargetStore(ssmClient(clientOptions(options)), options.stage);

const checkCommand = (targets: Command): void => {
  targets
    .command('check')
    .description('check files of targets; writes nothing')
    .argument('<file...>', 'JSON files of targets')
    .option('--stage <stage>', 'hold them also against what this deployed stage may touch')
    .option(...region)
    .option(...json)
    .action(async (files: string[], { stage, ...rest }: Partial<StageOptions>) => {
      const store = stage === undefined ? undefined : storeOf({ stage, ...rest });
      print(checkLines(await checkTargets({ readFile, store })({ files })), rest.json === true);
    });
};

const applyCommand = (targets: Command): void => {
  withStage(targets.command('apply'))
    .description('check files of targets, then write those that differ; deletes nothing')
    .argument('<file...>', 'JSON files of targets')
    .action(async (files: string[], options: StageOptions) => {
      print(applyLines(await applyTargets({ readFile, store: storeOf(options) })({ files })), options.json === true);
    });
};

const listCommand = (targets: Command): void => {
  withStage(targets.command('list'))
    .description('what is deployed where: all targets of the stage, and what is wrong with those that cannot be used')
    .option(...project)
    .addHelpText('after', '\nExample: drawbridge targets list --stage prod --project 4711')
    .action(async (options: ExamineOptions) => {
      const stored = await deployedTargets(ssmClient(clientOptions(options)), options.stage);
      print(listLines(await listTargets(stored)(options)), options.json === true);
    });
};

/** `drawbridge targets …` */
export const targetsCommands = (program: Command): void => {
  const targets = program.command('targets').description('which project and trigger deploys which ECS service');
  checkCommand(targets);
  applyCommand(targets);
  listCommand(targets);
};
