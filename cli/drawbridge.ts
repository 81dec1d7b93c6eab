#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { hooksCommands } from './commands/hooks.ts';
import { planCommand } from './commands/plan.ts';
import { rotateCommand } from './commands/rotate.ts';
import { targetsCommands } from './commands/targets.ts';
import { exitCodes } from './exit-codes.ts';
import { saidBy } from './said-by.ts';

const program = new Command('drawbridge')
  .description('Keeps what Drawbridge deploys, examines it, and rotates its secrets.')
  .exitOverride();
for (const add of [targetsCommands, hooksCommands, planCommand, doctorCommand, rotateCommand]) add(program);

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
