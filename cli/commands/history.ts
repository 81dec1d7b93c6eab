import type { Command } from 'commander';
import { targetLabel, type TargetId } from '../../lib/domain/target.ts';
import { exitCodes } from '../exit-codes.ts';
import { historyLines } from '../history-lines.ts';
import { lookBack } from '../history.ts';
import { print, type Printed } from '../printed.ts';
import { storyLines } from '../story-lines.ts';
import { countArgument, targetArgument } from './arguments.ts';
import { loadPorts } from './load-ports.ts';
import { withStage, type StageOptions } from './stage-options.ts';

interface HistoryOptions extends StageOptions {
  limit: number;
  why?: string;
}

type Ports = Awaited<ReturnType<typeof loadPorts>>;

const story = async ({ journal, executions }: Ports, deployment: string): Promise<Printed> => {
  const record = await journal.read(deployment);
  if (record !== undefined) return storyLines(record, await executions.steps(deployment));
  const lines = [`the journal knows no deployment ${deployment}; what was never confirmed has no record there`];
  return { lines, value: { deployment, state: 'unknown' }, code: exitCodes.wrong };
};

/** `drawbridge history` */
export const historyCommand = (program: Command): void => {
  withStage(program.command('history'))
    .description('what was deployed, newest first; or the whole story of one deployment')
    .argument('[target]', '<project>/<target> (default: all targets)', targetArgument)
    .option('--limit <n>', 'at most so many', countArgument, 20)
    .option('--why <deployment>', 'the whole story of this one')
    .addHelpText(
      'after',
      '\nExamples:\n  drawbridge history --stage prod\n  drawbridge history 4711/web --limit 5 --stage prod\n  drawbridge history --why web-a2e958b37a838598dcfd5aa4-1 --stage prod',
    )
    .action(async (target: TargetId | undefined, options: HistoryOptions) => {
      const { limit, why } = options;
      const ports = await loadPorts(options);
      const label = target === undefined ? undefined : targetLabel(target);
      const printed =
        why === undefined ? historyLines(await lookBack(ports)({ target: label, limit })) : await story(ports, why);
      print(printed, options.json === true);
    });
};
