import type { Command } from 'commander';
import type { TargetId } from '../../lib/domain/target.ts';
import { holdLines } from '../hold-lines.ts';
import { hold, release } from '../hold.ts';
import { print } from '../printed.ts';
import { becauseArgument, targetArgument } from './arguments.ts';
import { loadPorts } from './load-ports.ts';
import { withStage, type StageOptions } from './stage-options.ts';

/** `drawbridge hold` */
export const holdCommand = (program: Command): void => {
  withStage(program.command('hold'))
    .description("let nothing but an operator's word deploy a target, until it is released")
    .argument('<target>', '<project>/<target>', targetArgument)
    .option('--because <sentence>', 'why, for those who find it held', becauseArgument)
    .addHelpText('after', '\nExample:\n  drawbridge hold 4711/web --because "migration until Friday" --stage prod')
    .action(async (target: TargetId, options: StageOptions & { because?: string }) => {
      const ports = await loadPorts(options);
      print(holdLines(await hold(ports)({ target, because: options.because })), options.json === true);
    });
};

/** `drawbridge release` */
export const releaseCommand = (program: Command): void => {
  withStage(program.command('release'))
    .description("end a target's hold, of either kind: ops', or that of a rollback")
    .argument('<target>', '<project>/<target>', targetArgument)
    .addHelpText('after', '\nExample:\n  drawbridge release 4711/web --stage prod')
    .action(async (target: TargetId, options: StageOptions) => {
      print(holdLines(await release(await loadPorts(options))({ target })), options.json === true);
    });
};
