import type { ImageBehaviour, ServiceSeed } from '../../../local/fleet/seeds.ts';
import { healthy, unhealthy } from '../workflow-world.ts';

/** How the colours of a recorded swap stand, and what its target says. */
export interface SwapSetting {
  /** `missing`: it is to be created, all traffic shifted at once, and nothing tested or scaled */
  idle: 'retired' | 'missing';
  /** the target's alarm goes off when users come to green */
  alarmGoesOff?: true;
}

/** A deployment whose calls are recorded, and then disturbed one by one. */
export interface RecordedRun {
  /** begins the names of its cases */
  name: string;
  image: ImageBehaviour;
  /** the image is in GitLab's registry, and not in ECR yet */
  copied?: true;
  /** colours are swapped; `service` is the live one */
  swap?: SwapSetting;
  service: Partial<ServiceSeed>;
  timeoutMinutes: number;
  /** the execution is stopped when it enters this state, and the run that is recorded is its recovery */
  diesAt?: string;
  /** the states whose calls are disturbed; the others are as in a run before */
  states: readonly string[];
}

const withoutBreaker = { circuitBreaker: { enable: false, rollback: false } };

/**
 * Together they enter every task of the workflow. A feature that adds a task, or a way through the workflow, adds its run
 * here, with the states whose calls it is about; what may come of it otherwise than of these goes to
 * `allowed-endings.ts`. Several executions at once are no matter: a call belongs to its execution.
 */
export const recordedRuns: readonly RecordedRun[] = [
  {
    name: 'good',
    image: healthy,
    service: {},
    timeoutMinutes: 30,
    states: [
      'Confirm',
      'Find image',
      'Admit',
      'Look',
      'Register',
      'Start rollout',
      'Wait for rollout',
      'Check rollout',
      'Settle',
    ],
  },
  {
    name: 'copied',
    image: healthy,
    copied: true,
    service: {},
    timeoutMinutes: 30,
    states: ['Find image', 'Copy image'],
  },
  {
    name: 'undone by us',
    image: unhealthy,
    service: withoutBreaker,
    timeoutMinutes: 2,
    states: ['Check rollout', 'Undo', 'Wait for undo', 'Settle'],
  },
  {
    name: 'rolled back by ECS',
    image: unhealthy,
    service: {},
    timeoutMinutes: 30,
    states: ['Check rollout', 'Undo', 'Wait for undo', 'Settle'],
  },
  {
    name: 'recovery',
    image: unhealthy,
    service: withoutBreaker,
    timeoutMinutes: 2,
    diesAt: 'Check rollout',
    states: ['Take over', 'Wait for the dead', 'Take stock', 'Undo', 'Wait for undo', 'Settle'],
  },
];
