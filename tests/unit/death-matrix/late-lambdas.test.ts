import { virtualClock } from '../../../local/clock.ts';
import { lateLambdas } from '../../support/death-matrix/late-lambdas.ts';
import { timekeeper } from '../../support/timekeeper.ts';

test("a stopped execution's last Lambda goes on 20 s after the recovery began, and time waits for it", async () => {
  const clock = virtualClock(0);
  const time = timekeeper(clock, () => {
    clock.advance(1_000);
  });
  const late = lateLambdas();
  const done: string[] = [];
  const lambda = late.wait().then(() => done.push(`Lambda at ${clock.now() / 1_000}`));
  await time.during(async () => {
    late.letGo(time, async () => {
      await lambda;
    });
    await time.pass(60);
    done.push(`recovery at ${clock.now() / 1_000}`);
  });
  expect(done).toEqual(['Lambda at 20', 'recovery at 60']);
});

test('nobody held, nothing waits', async () => {
  const clock = virtualClock(0);
  const time = timekeeper(clock, () => {
    clock.advance(1_000);
  });
  lateLambdas().letGo(time, () => Promise.reject(new Error('asked for nothing')));
  await time.during(() => time.pass(5));
  expect(clock.now()).toBe(5_000);
});
