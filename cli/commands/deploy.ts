import type { Command } from 'commander';
import type { TargetId } from '../../lib/domain/target.ts';
import { begunLines } from '../begun-lines.ts';
import { deploy } from '../deploy.ts';
import { print } from '../printed.ts';
import { countArgument, noWatch, targetArgument } from './arguments.ts';
import { loadPorts } from './load-ports.ts';
import { withStage, type StageOptions } from './stage-options.ts';
import { watched } from './watch.ts';

interface DeployOptions extends StageOptions {
  pipeline?: number;
  tag?: string;
  watch: boolean;
}

/** Commander ends the command itself, as for any line that it cannot understand. */
const namedBy = ({ pipeline, tag }: DeployOptions, command: Command): { pipeline: number } | { tag: string } => {
  if (pipeline !== undefined && tag === undefined) return { pipeline };
  if (tag !== undefined && pipeline === undefined) return { tag };
  return command.error('error: either --pipeline <id> or --tag <tag> must be given');
};

/** `drawbridge deploy` */
export const deployCommand = (program: Command): void => {
  withStage(program.command('deploy'))
    .description("deploy by an operator's word: past order and holds; GitLab is asked as for any other")
    .argument('<target>', '<project>/<target>', targetArgument)
    .option('--pipeline <id>', 'what this pipeline of the project built', countArgument)
    .option('--tag <tag>', 'what this tag names now, for a target that waits for pushed images')
    .addOption(noWatch())
    .addHelpText(
      'after',
      '\nExamples:\n  drawbridge deploy 4711/web --pipeline 90001 --stage prod\n  drawbridge deploy 4711/images --tag v1.4.2 --stage prod --no-watch',
    )
    .action(async (target: TargetId, options: DeployOptions, command: Command) => {
      const named = namedBy(options, command);
      const ports = await loadPorts(options);
      const begun = await deploy(ports)({ target, named });
      const isFollowed = begun.state === 'begun' && options.watch;
      const printed = isFollowed
        ? await watched(ports, { deployment: begun.deployment, begun: true }, options)
        : begunLines(begun, options.stage);
      print(printed, options.json === true);
    });
};
