import type { Command } from 'commander';
import type { TargetId } from '../../lib/domain/target.ts';
import { planLines } from '../plan-lines.ts';
import { plan } from '../plan.ts';
import { print } from '../printed.ts';
import { targetArgument } from './arguments.ts';
import { clientOptions, numericId, withStage, type StageOptions } from './stage-options.ts';

interface PlanOptions extends StageOptions {
  pipeline?: number;
  tag?: string;
  showValues?: boolean;
}

const example = '\nExample: drawbridge plan 4711/web-prod --pipeline 90001 --stage prod';

/** `drawbridge plan` */
export const planCommand = (program: Command): void => {
  const command = withStage(program.command('plan'));
  command
    .description('what a deployment would do, or why it would be refused; writes nothing')
    .argument('<project/target>', 'the target, by its project id and name', targetArgument)
    .option('--pipeline <id>', 'what this pipeline built', numericId)
    .option('--tag <tag>', 'what this tag names, for a target that waits for pushed images')
    .option('--show-values', 'show the values that change, also those that applications keep secret')
    .addHelpText('after', example)
    .action(async (target: TargetId, { pipeline, tag, showValues = false, ...options }: PlanOptions) => {
      if ((pipeline === undefined) === (tag === undefined)) command.error('error: name either --pipeline or --tag');
      const of = tag === undefined ? { pipeline: pipeline ?? 0 } : { tag };
      // Clients of so many AWS services take a while to load: only for who needs them.
      const [{ examinedStage }, { planAdapters }] = await Promise.all([
        import('../aws/examined-stage.ts'),
        import('../aws/plan-adapters.ts'),
      ]);
      const aws = clientOptions(options);
      const ports = planAdapters(aws, await examinedStage(aws, options.stage));
      print(planLines(await plan(ports)({ target, showValues, ...of })), options.json === true);
    });
};
