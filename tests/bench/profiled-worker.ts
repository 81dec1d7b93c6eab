import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';

/**
 * Loaded into a worker before its own code: the first SIGUSR2 begins a profile of its processor time, the second writes it to
 * PROFILE_FILE, in one step.
 */
const file = process.env['PROFILE_FILE'] ?? '';
const session = new Session();
session.connect();
session.post('Profiler.enable');

const write = (): void => {
  session.post('Profiler.stop', (_error, { profile }) => {
    writeFileSync(`${file}.draft`, JSON.stringify(profile));
    renameSync(`${file}.draft`, file);
  });
};

process.once('SIGUSR2', () => {
  session.post('Profiler.start');
  process.once('SIGUSR2', write);
});
