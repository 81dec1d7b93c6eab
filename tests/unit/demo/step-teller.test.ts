import { stepTeller } from '../../../local/demo/step-teller.ts';
import type { Narrator } from '../../../local/demo/narrator.ts';
import type { Execution } from '../../../local/executions.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const digest = `sha256:${'a'.repeat(64)}`;

const told = () => {
  const lines: string[] = [];
  const narrator: Pick<Narrator, 'say' | 'going' | 'done'> = {
    say: (line = '') => lines.push(line.trim()),
    going: ({ part }) => lines.push(`▶ ${part}`),
    done: ({ failed = false } = {}) => lines.push(failed ? '✖' : '✔'),
  };
  return { narrator: narrator as Narrator, lines };
};

const execution = (names: string[], stoppedAt?: Date): Execution => ({
  status: 'RUNNING',
  startedAt: at(0),
  entered: names.map((state, index) => ({ state, at: at(index) })),
  ...(stoppedAt === undefined ? {} : { stoppedAt }),
});

test('each step is told once, the copy with its layers when it is over, and what is taken again as that', async () => {
  const copies = memoryCopyJournal();
  await copies.begin('ml-1', [{ digest, size: 2 ** 20, present: false }]);
  const { narrator, lines } = told();
  const witnesses = { copies, layersInEcr: () => [digest] };
  const tell = stepTeller(narrator, { letter: 'B', copy: 'ml-1', witnesses });
  await tell(execution(['Look', 'Copy image']));
  await tell(execution(['Look', 'Copy image']));
  expect(lines).toEqual(['✔', '▶ B Look', '✔', '▶ B Copy image']);
  await tell(execution(['Look', 'Copy image', 'Look', 'Settle'], at(9)));
  expect(lines.slice(4)).toEqual([
    '✔',
    expect.stringMatching(/^aaaaaaaaaaaa {2}█+ 100 %/),
    expect.stringMatching(/^1\.0 MiB of 1\.0 MiB copied/),
    '▶ B Look again',
    '✔',
    '▶ B Settle',
    '✔',
  ]);
});

test('what is undone failed', async () => {
  const { narrator, lines } = told();
  const witnesses = { copies: memoryCopyJournal(), layersInEcr: () => [] };
  await stepTeller(narrator, { letter: 'C', copy: 'ml-2', witnesses })(execution(['Check rollout', 'Undo']));
  expect(lines).toEqual(['✔', '▶ C Check rollout', '✖', '▶ C Undo']);
});
