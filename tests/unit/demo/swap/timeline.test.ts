import { timelineLines } from '../../../../local/demo/swap/timeline.ts';
import { seen } from './seen-pair.ts';

const speed = 20;

const history = [
  seen(0),
  seen(100, { blue: { requests: 1_010 }, green: { running: 1 } }),
  seen(200, { blue: { requests: 1_019, weight: 90 }, green: { requests: 1, weight: 10, running: 2 } }),
  seen(300, { blue: { requests: 1_024, weight: 50, failures: 12 }, green: { requests: 6, weight: 50, running: 2 } }),
  seen(500, {
    blue: { requests: 1_024, weight: 0, running: 0, failures: 13 },
    green: { requests: 26, weight: 100, running: 2 },
  }),
];
const event = (at: number, text: string, mark = true) => ({ at, text, mark });

test('a column for each moment, and where nobody looked, what was seen last', () => {
  const events = [
    event(200, '10 % to green'),
    event(250, 'nothing to look at', false),
    event(290, 'alarm'),
    event(500, '100 % to green'),
  ];
  expect(timelineLines(history, events, speed)).toEqual([
    '  one column      0.1 s, 2 s of world time',
    '  weight of green   ▁▅▅█',
    '  users on green    ▁▅ █',
    '  tasks of green  ·12222',
    '  tasks of blue   22222·',
    '  errors          ···+·1',
    '                    ab c',
    '                  a   0.2 s  10 % to green',
    '                  b   0.3 s  alarm',
    '                  c   0.5 s  100 % to green',
  ]);
});

test('a long one has wider columns, and no line is too wide for a terminal', () => {
  const long = Array.from({ length: 700 }, (_, index) => seen(index * 100, { green: { weight: 99 } }));
  const lines = timelineLines(long, [event(69_900, 'end')], speed);
  expect(lines[0]).toBe('  one column      1 s, 20 s of world time');
  expect(lines[1]).toBe(`  weight of green ${'▇'.repeat(70)}`);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('nothing seen, no picture', () => {
  expect(timelineLines([], [], speed)).toEqual([]);
});
