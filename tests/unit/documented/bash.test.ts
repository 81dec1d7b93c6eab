import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBash, type Bash } from '../../support/documented/bash.ts';

let folder: string;
let bash: Bash;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-bash-'));
  bash = openBash(folder, folder, { PATH: process.env['PATH'] });
});

afterEach(async () => {
  await bash.close();
  await rm(folder, { recursive: true, force: true });
});

test('what a block exports, writes and defines is there for the next one; each has its own standard input', async () => {
  expect(await bash.run('export A=1; cat > typed', 'by hand')).toBe('');
  expect(await bash.run('echo "$A $(cat typed)"; cat', '')).toBe('1 by hand\n');
});

test.each([
  ['a command in the middle', 'echo before\nfalse\necho after'],
  ['the first of a pipe', 'false | cat'],
  ['a name that is not set', 'echo "$NOBODY"'],
  ['no command at all', 'no-such-command'],
])('%s fails the block, and every one after it', async (_what, commands) => {
  await expect(bash.run(commands, '')).rejects.toThrow(commands);
  await expect(bash.run('true', '')).rejects.toThrow('a block before this one failed');
});

test('the failure says which command it was, and what had been printed', async () => {
  const failing = bash.run('echo before\ntest 1 = 2\necho after', '');
  await expect(failing).rejects.toThrow(/\nbefore\nexit code 1 of: test 1 = 2\n/);
});
