import { liveBounds } from '../swap-world.ts';
import { healthy } from '../workflow-world.ts';
import type { RecordedRun } from './recorded-run.ts';

const swap = {
  image: healthy,
  timeoutMinutes: 30,
  service: { scaling: liveBounds },
  swap: { idle: 'retired' },
} as const;

/** Swaps of colours: there, for the first time, taken back, and cleaned up after. What a state calls in all of them is disturbed in one. */
export const recordedSwaps: readonly RecordedRun[] = [
  {
    ...swap,
    name: 'swap',
    states: [
      'Look',
      'Register',
      'Start green',
      'Wait for green',
      'Check green',
      'Test green',
      'Wait for test',
      'Shift',
      'Wait for users',
      'Watch',
      'Record success',
      'Wait to retire',
      'Retire',
      'Settle',
    ],
  },
  {
    ...swap,
    name: 'swap for the first time',
    service: { spareTargetGroup: true },
    swap: { idle: 'missing' },
    states: ['Look', 'Start green', 'Wait for green', 'Check green', 'Retire'],
  },
  {
    ...swap,
    name: 'swap undone',
    swap: { idle: 'retired', alarmGoesOff: true },
    states: ['Watch', 'Undo', 'Wait for undo'],
  },
  {
    ...swap,
    name: 'swap recovery',
    diesAt: 'Watch',
    states: ['Take over', 'Wait for the dead', 'Take stock', 'Undo', 'Wait for undo'],
  },
  {
    ...swap,
    name: 'recovery of a success',
    diesAt: 'Wait to retire',
    states: ['Take stock', 'Retire', 'Settle'],
  },
];
