#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { rotateCommand } from './commands/rotate.ts';
import { targetsCommands } from './commands/targets.ts';
import { exitCodes } from './exit-codes.ts';

const program = new Command('drawbridge')
  .description('Keeps what Drawbridge deploys, and rotates its secrets.')
  .exitOverride();
for (const add of [targetsCommands, rotateCommand]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has shown its help.
    process.exitCode = error.exitCode === 0 ? exitCodes.well : exitCodes.usage;
  } else {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    console.error(`drawbridge: ${name === 'Error' ? '' : `${name}: `}${message}`);
    process.exitCode = exitCodes.unknown;
  }
}
