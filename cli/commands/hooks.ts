import type { Command } from 'commander';
import { projectHooks } from '../../lib/adapters/gitlab/project-hooks.ts';
import type { ExaminedStage } from '../aws/examined-stage.ts';
import { doneLines, listLines } from '../hooks-lines.ts';
import { installHooks, testHooks, viewHooks, type HooksPorts } from '../hooks.ts';
import { print } from '../printed.ts';
import { clientOptions, project, withStage, type ExamineOptions } from './stage-options.ts';

const open = async (options: ExamineOptions): Promise<{ examined: ExaminedStage; ports: HooksPorts }> => {
  // Clients of so many AWS services take a while to load: only for who needs them.
  const { examinedStage } = await import('../aws/examined-stage.ts');
  const examined = await examinedStage(clientOptions(options), options.stage);
  const { manager, targets, stack } = examined;
  return { examined, ports: { hooks: projectHooks(manager), targets, hookUrl: stack.hookUrl } };
};

const tokensOf = async ({ secrets, stack }: ExaminedStage) => {
  const { hookTokens } = await import('../aws/hook-tokens.ts');
  return hookTokens(secrets, stack.hookSecret);
};

const listCommand = (hooks: Command): void => {
  withStage(hooks.command('list'))
    .description('the hooks of this stage in GitLab, and what is wrong with them')
    .option(...project)
    .addHelpText('after', '\nExample: drawbridge hooks list --stage prod')
    .action(async (options: ExamineOptions) => {
      const { examined, ports } = await open(options);
      const place = { stage: options.stage, region: examined.bounds.region };
      const signed = await tokensOf(examined).then(
        ({ signingToken }) => signingToken !== undefined,
        () => undefined,
      );
      print(listLines(await viewHooks(ports)(options), place, signed), options.json === true);
    });
};

const installCommand = (hooks: Command): void => {
  withStage(hooks.command('install'))
    .description(
      'make the hook where it is missing, and set right one that tells of too little or verifies no certificates',
    )
    .option(...project)
    .addHelpText('after', '\nExample: drawbridge hooks install --stage prod --project 4711')
    .action(async (options: ExamineOptions) => {
      const { examined, ports } = await open(options);
      const install = installHooks({ ...ports, tokens: () => tokensOf(examined) });
      print(doneLines(await install(options)), options.json === true);
    });
};

const testCommand = (hooks: Command): void => {
  withStage(hooks.command('test'))
    .description('have GitLab send its newest push over the hooks once more, which deploys nothing')
    .option(...project)
    .addHelpText('after', '\nExample: drawbridge hooks test --stage prod --project 4711')
    .action(async (options: ExamineOptions) => {
      print(doneLines(await testHooks((await open(options)).ports)(options)), options.json === true);
    });
};

/** `drawbridge hooks …` */
export const hooksCommands = (program: Command): void => {
  const hooks = program.command('hooks').description("GitLab's webhooks of the projects that have targets");
  for (const add of [listCommand, installCommand, testCommand]) add(hooks);
};
