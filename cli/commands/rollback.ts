import type { Command } from 'commander';
import type { TargetId } from '../../lib/domain/target.ts';
import { begunLines } from '../begun-lines.ts';
import { print } from '../printed.ts';
import { wayLines } from '../rollback-lines.ts';
import { rollback } from '../rollback.ts';
import { noWatch, targetArgument } from './arguments.ts';
import { loadPorts } from './load-ports.ts';
import { withStage, type StageOptions } from './stage-options.ts';
import { watched } from './watch.ts';

interface RollbackOptions extends StageOptions {
  to?: string;
  watch: boolean;
}

/** `drawbridge rollback` */
export const rollbackCommand = (program: Command): void => {
  withStage(program.command('rollback'))
    .description('go back to an earlier deployment, also while GitLab is down; the target is then held')
    .argument('<target>', '<project>/<target>', targetArgument)
    .option('--to <deployment>', 'to this one (default: the newest earlier one of another image)')
    .addOption(noWatch())
    .addHelpText(
      'after',
      '\nExamples:\n  drawbridge rollback 4711/web --stage prod\n  drawbridge rollback 4711/web --to web-a2e958b37a838598dcfd5aa4-1 --stage prod',
    )
    .action(async (target: TargetId, options: RollbackOptions) => {
      const ports = await loadPorts(options);
      const { from, to, ...begun } = await rollback(ports)({ target, to: options.to });
      const say = options.json === true ? process.stderr : process.stdout;
      for (const line of wayLines({ ...(from && { from }), ...(to && { to }) })) say.write(`${line}\n`);
      const isFollowed = begun.state === 'begun' && options.watch;
      const printed = isFollowed
        ? await watched(ports, { deployment: begun.deployment, begun: true }, options)
        : begunLines(begun, options.stage);
      print(printed, options.json === true);
    });
};
