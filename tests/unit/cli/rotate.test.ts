import { progressOn } from '../../../cli/progress.ts';
import { rotateLines } from '../../../cli/rotate-lines.ts';
import { rotate, type RotateOutput } from '../../../cli/rotate.ts';
import { memoryRotationDesk, stack, type MemoryRotationDesk } from './memory-rotation-desk.ts';

const { hookSecret: hook, gitlabSecret: gitlab, managerSecret: manager } = stack;

interface Run {
  desk?: MemoryRotationDesk;
  revokeNow?: boolean;
  /** what happens while the command waits, one for each wait; nothing more happens after the last one */
  meanwhile?: ((desk: MemoryRotationDesk) => void)[];
}

/** The command, on time that passes only while it waits. */
const run = async ({ desk = memoryRotationDesk(), revokeNow = false, meanwhile = [] }: Run) => {
  let now = 0;
  const screen: string[] = [];
  const events = [...meanwhile];
  const output: RotateOutput = await rotate({
    desk,
    clock: () => new Date(now),
    pause: (milliseconds) => {
      now += milliseconds;
      events.shift()?.(desk);
      return Promise.resolve();
    },
    show: progressOn({ write: (text) => screen.push(text) }),
  })({ revokeNow });
  return { desk, output, screen: screen.join('').split('\n').filter(Boolean), ...rotateLines(output, revokeNow) };
};

const bothEnd = (desk: MemoryRotationDesk) => {
  desk.promote(hook);
  desk.promote(gitlab);
};
const log = '/aws/lambda/drawbridge-prod-rotate-secret';
const where = `each step's line is in the log group ${log}; what a failure's name asks: docs/runbook.md`;

test('both secrets are rotated as they are configured, and followed step by step to the end', async () => {
  const { desk, lines, code, screen } = await run({
    meanwhile: [
      (at) => {
        at.logs(hook, 'createSecret');
        at.promote(gitlab);
      },
      (at) => {
        at.logs(hook, 'setSecret');
        at.promote(hook);
      },
    ],
  });
  expect(desk.done).toEqual([`rotate ${hook}`, `rotate ${gitlab}`]);
  expect(screen).toEqual([
    `${hook}: step 1 of 4, createSecret: makes what is to come`,
    `${gitlab}: step 1 of 4, createSecret: makes what is to come`,
    `${hook}: step 2 of 4, setSecret: lets every door read it, then tells GitLab`,
  ]);
  expect({ lines, code }).toEqual({ lines: [`${hook}: rotated in 4 s`, `${gitlab}: rotated in 4 s`], code: 0 });
});

test('a rotation that was never configured is, with the stack’s function and interval', async () => {
  const desk = memoryRotationDesk();
  desk.rotating.clear();
  await run({ desk, meanwhile: [bothEnd] });
  const setUp = `by ${stack.rotationFunctionArn} every 30 days`;
  expect(desk.done).toEqual([`rotate ${hook} ${setUp}`, `rotate ${gitlab} ${setUp}`]);
});

test('first set-up: a hook secret without a value gets an empty one before it is rotated', async () => {
  const desk = memoryRotationDesk();
  desk.labels.set(hook, {});
  await run({ desk, meanwhile: [bothEnd] });
  expect(desk.done.slice(0, 2)).toEqual([`fill ${hook}`, `rotate ${hook}`]);
});

test('a rotation that is under way is followed, not begun again', async () => {
  const desk = memoryRotationDesk();
  desk.labels.set(hook, { old: ['AWSCURRENT'], next: ['AWSPENDING'] });
  const { code } = await run({ desk, meanwhile: [bothEnd] });
  expect({ code, done: desk.done }).toEqual({ code: 0, done: [`rotate ${gitlab}`] });
});

test('AWSPENDING beside AWSCURRENT on one version is a rotation that has ended', async () => {
  const desk = memoryRotationDesk();
  desk.labels.set(hook, { old: ['AWSCURRENT', 'AWSPENDING'] });
  await run({ desk, meanwhile: [bothEnd] });
  expect(desk.done[0]).toBe(`rotate ${hook}`);
});

describe('GitLab’s tokens are left as they are', () => {
  test.each<[string, string, (desk: MemoryRotationDesk) => void]>([
    [
      'without a manager’s token, when nobody had them rotated before',
      `there is no manager's token in ${manager}`,
      (desk) => {
        desk.rotating.delete(gitlab);
        desk.labels.set(manager, {});
      },
    ],
    [
      'when their secret is not filled',
      'it has no value yet',
      (desk) => {
        desk.labels.set(gitlab, {});
      },
    ],
  ])('%s; that is said, and is no failure', async (_when, because, arrange) => {
    const desk = memoryRotationDesk();
    arrange(desk);
    const { lines, code } = await run({ desk, meanwhile: [bothEnd] });
    expect(desk.done).toEqual([`rotate ${hook}`]);
    expect({ lines, code }).toEqual({
      lines: [`${hook}: rotated in 2 s`, `${gitlab}: left as it is: ${because}`],
      code: 0,
    });
  });

  test('not for want of a manager when their rotation is configured: they replace themselves', async () => {
    const desk = memoryRotationDesk();
    desk.labels.set(manager, {});
    await run({ desk, meanwhile: [bothEnd] });
    expect(desk.done).toContain(`rotate ${gitlab}`);
  });
});

describe('what did not go well', () => {
  test('a step that failed ends the command, by the failure’s name, once the other has ended', async () => {
    const { lines, code } = await run({
      meanwhile: [
        (at) => {
          at.logs(hook, 'setSecret', { failure: 'OutOfReach', because: 'project 7 is not shown to us' });
        },
        (at) => {
          at.promote(gitlab);
        },
      ],
    });
    expect({ lines, code }).toEqual({
      lines: [
        `${hook}: setSecret failed: OutOfReach: project 7 is not shown to us (Secrets Manager tries again by itself)`,
        `${gitlab}: rotated in 4 s`,
        where,
      ],
      code: 1,
    });
  });

  test('a failure that a later try made good is none', async () => {
    const { lines, code } = await run({
      meanwhile: [
        (at) => {
          at.logs(hook, 'setSecret', { failure: 'GitLabUnavailable', because: 'x' });
          bothEnd(at);
        },
      ],
    });
    expect({ lines, code }).toMatchObject({ lines: [`${hook}: rotated in 2 s`, `${gitlab}: rotated in 2 s`], code: 0 });
  });

  test('a rotation whose version lost its label was given up', async () => {
    const { lines, code } = await run({
      meanwhile: [
        (at) => {
          at.promote(gitlab);
          at.labels.set(hook, { old: ['AWSCURRENT'] });
        },
      ],
    });
    expect({ lines, code }).toEqual({ lines: [`${hook}: given up`, `${gitlab}: rotated in 2 s`, where], code: 1 });
  });

  test('a version that was given up for a failure is not tried again', async () => {
    const { lines } = await run({
      meanwhile: [
        (at) => {
          at.promote(gitlab);
          at.logs(hook, 'setSecret', { failure: 'SigningUnsupported', because: 'GitLab keeps no signing token' });
          at.labels.set(hook, { old: ['AWSCURRENT'] });
        },
      ],
    });
    expect(lines[0]).toBe(`${hook}: given up in setSecret: SigningUnsupported: GitLab keeps no signing token`);
  });

  test('after a quarter of an hour it is left to itself', async () => {
    const { lines, code } = await run({
      meanwhile: [
        (at) => {
          at.logs(hook, 'createSecret');
          at.promote(gitlab);
        },
      ],
    });
    expect({ line: lines[0], code }).toEqual({
      line: `${hook}: still at setSecret after 900 s; it goes on without this command`,
      code: 1,
    });
  });

  test('another secret’s failure is not this one’s', async () => {
    const { code } = await run({
      meanwhile: [
        (at) => {
          at.logs('another', 'setSecret', { failure: 'OutOfReach', because: 'x' });
        },
        bothEnd,
      ],
    });
    expect(code).toBe(0);
  });
});

describe('--revoke-now', () => {
  test('revokes when all is rotated, and tells what only a person may revoke', async () => {
    const { desk, lines } = await run({ revokeNow: true, meanwhile: [bothEnd] });
    expect(desk.done.at(-1)).toBe('revoke');
    expect(lines.at(-1)).toBe("1 of GitLab's replaced tokens revoked, 2 left that only a person may revoke");
  });

  test('revokes nothing when something was not rotated, and says so', async () => {
    const { desk, lines } = await run({
      revokeNow: true,
      meanwhile: [
        (at) => {
          at.promote(gitlab);
          at.labels.set(hook, { old: ['AWSCURRENT'] });
        },
      ],
    });
    expect(desk.done).not.toContain('revoke');
    expect(lines).toContain('nothing was revoked, for not everything was rotated');
  });

  test('without it nothing is revoked', async () => {
    const { desk } = await run({ meanwhile: [bothEnd] });
    expect(desk.done).not.toContain('revoke');
  });
});

test('on a terminal the progress is one line, written over, with the seconds; at the end it is gone', () => {
  const written: string[] = [];
  const show = progressOn({ isTTY: true, write: (text) => written.push(text) });
  const under = { secret: 'hook', name: hook, state: 'under way', step: 'setSecret', seconds: 41.6 } as const;
  show([under]);
  show([{ ...under, state: 'rotated' }]);
  const text = `${hook}: step 2 of 4, setSecret: lets every door read it, then tells GitLab · 42 s`;
  expect(written).toEqual([`\r\u001b[K${text}`, '\r\u001b[K']);
});
