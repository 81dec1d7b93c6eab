#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { deployCommand } from './commands/deploy.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand } from './commands/history.ts';
import { holdCommand, releaseCommand } from './commands/hold.ts';
import { hooksCommands } from './commands/hooks.ts';
import { planCommand } from './commands/plan.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { rotateCommand } from './commands/rotate.ts';
import { targetsCommands } from './commands/targets.ts';
import { watchCommand } from './commands/watch.ts';
import { exitCodes } from './exit-codes.ts';
import { saidBy } from './said-by.ts';

const program = new Command('drawbridge')
  .description('Keeps what Drawbridge deploys, examines, shows and moves deployments, and rotates its secrets.')
  .exitOverride();
const examining = [targetsCommands, hooksCommands, planCommand, doctorCommand];
const operating = [deployCommand, rollbackCommand, holdCommand, releaseCommand, watchCommand, historyCommand];
for (const add of [...examining, ...operating, rotateCommand]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has shown its help.
    process.exitCode = error.exitCode === 0 ? exitCodes.well : exitCodes.usage;
  } else {
    console.error(`drawbridge: ${saidBy(error)}`);
    process.exitCode = exitCodes.unknown;
  }
}
