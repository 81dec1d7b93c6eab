import type { Command } from 'commander';
import { chooseDeployment, type Wanted } from '../choose-deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { followedLines } from '../followed-lines.ts';
import { follow, type FollowInput } from '../follow.ts';
import { interruption } from '../interruption.ts';
import { print, type Printed } from '../printed.ts';
import { watchScreen } from '../watch-screen.ts';
import { targetArgument } from './arguments.ts';
import { loadPorts } from './load-ports.ts';
import { withStage, type StageOptions } from './stage-options.ts';

type Ports = Awaited<ReturnType<typeof loadPorts>>;

/** Follows one to its end, on the terminal; with --json progress goes to standard error, for standard output has one line. */
export const watched = async (ports: Ports, input: FollowInput, options: StageOptions): Promise<Printed> => {
  const screen = watchScreen(options.json === true ? process.stderr : process.stdout, process.env);
  try {
    const followed = await follow({ ...ports, interrupted: interruption(), show: screen.show })(input);
    return followedLines(followed, options.stage);
  } finally {
    screen.close();
  }
};

const wantedOf = (text: string | undefined): Wanted => {
  if (text === undefined) return 'under way';
  return text.includes('/') ? { target: targetArgument(text) } : { deployment: text };
};

/** `drawbridge watch` */
export const watchCommand = (program: Command): void => {
  withStage(program.command('watch'))
    .description('show how far a deployment is, until it has ended; it goes on without this command')
    .argument(
      '[deployment]',
      "a deployment's name, or <project>/<target> for that target's newest; else the one under way",
      wantedOf,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  drawbridge watch --stage prod\n  drawbridge watch 4711/web --stage prod\n  drawbridge watch web-a2e958b37a838598dcfd5aa4-1 --stage prod --json',
    )
    .action(async (wanted: Wanted = 'under way', options: StageOptions) => {
      const ports = await loadPorts(options);
      const chosen = await chooseDeployment(ports)(wanted);
      if ('because' in chosen) {
        const lines = [chosen.because, ...(chosen.several ?? [])];
        const code = chosen.several === undefined && wanted === 'under way' ? exitCodes.well : exitCodes.wrong;
        print({ lines, value: { state: 'none', ...chosen }, code }, options.json === true);
      } else print(await watched(ports, { ...chosen, begun: false }, options), options.json === true);
    });
};
