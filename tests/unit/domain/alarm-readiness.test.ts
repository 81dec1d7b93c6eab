import { alarmNotReady } from '../../../lib/domain/alarm-readiness.ts';
import { blueGreen } from '../../support/samples.ts';

const steps = [
  { weight: 10, minutes: 2 },
  { weight: 50, minutes: 1 },
  { weight: 100, minutes: 5 },
];
const swap = blueGreen({ alarms: ['errors', 'latency'], steps });
const alarm = (name: string, change: object = {}) => ({ name, state: 'OK', judges: 60, ...change });
const ready = [alarm('errors'), alarm('latency')];

describe('alarms are ready', () => {
  test.each([
    ['when they are OK and judge by no more than the shortest step', swap, ready],
    ['with too little data yet', swap, [alarm('errors', { state: 'INSUFFICIENT_DATA' }), alarm('latency')]],
    ['when none is named', blueGreen({ alarms: [], steps: [{ weight: 100, minutes: 0 }] }), []],
  ])('%s', (_what, of, seen) => {
    expect(alarmNotReady(of, seen)).toBeUndefined();
  });
});

describe('alarms are not ready', () => {
  test.each([
    ['there is none', [], 'there is no alarm errors'],
    ['one is missing', [alarm('errors')], 'there is no alarm latency'],
    ['one is in ALARM', [alarm('errors'), alarm('latency', { state: 'ALARM' })], 'alarm latency is in ALARM already'],
    [
      'one judges by more time than the shortest step',
      [alarm('errors'), alarm('latency', { judges: 61 })],
      'strategy.steps.1.minutes: 60 s are less than the 61 s that alarm latency judges by',
    ],
  ])('%s', (_what, seen, sentence) => {
    expect(alarmNotReady(swap, seen)).toBe(sentence);
  });

  test.each([0, 4])('one judges by more time than a bake of %d minutes', (minutes) => {
    const baked = {
      ...swap,
      steps: [
        { weight: 10, minutes: 5 },
        { weight: 100, minutes },
      ],
    };
    const seen = [alarm('errors', { judges: 300 }), alarm('latency')];
    expect(alarmNotReady(baked, seen)).toMatch(
      /^strategy\.bake_minutes: \d+ s are less than the 300 s that alarm errors/,
    );
  });
});
