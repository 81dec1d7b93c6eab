import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { print } from '../printed.ts';
import { progressOn } from '../progress.ts';
import { rotateLines } from '../rotate-lines.ts';
import { rotate } from '../rotate.ts';
import type { RotationDesk } from '../rotation-desk.ts';
import { clientOptions, withStage, type StageOptions } from './stage-options.ts';

/** Clients of so many AWS services take a while to load: only for who needs them. */
const deskOf = async (options: StageOptions): Promise<RotationDesk> => {
  const { awsRotationDesk } = await import('../aws/aws-rotation-desk.ts');
  return awsRotationDesk(clientOptions(options), options.stage);
};

/** `drawbridge rotate` */
export const rotateCommand = (program: Command): void => {
  withStage(program.command('rotate'))
    .description("have Secrets Manager rotate the hook's secret and GitLab's tokens now, and follow it to the end")
    .option('--revoke-now', 'then revoke replaced GitLab tokens at once, also those that a running task may still use')
    .action(async (options: StageOptions & { revokeNow?: boolean }) => {
      const { revokeNow = false } = options;
      // With --json standard output has one line, and progress goes where people look all the same.
      const show = progressOn(options.json === true ? process.stderr : process.stdout);
      const ports = { desk: await deskOf(options), clock: () => new Date(), pause: (ms: number) => pause(ms), show };
      print(rotateLines(await rotate(ports)({ revokeNow }), revokeNow), options.json === true);
    });
};
