import type { RotatedSecret } from '../../../lib/domain/rotation.ts';
import type { RotationJournal } from '../../../lib/ports/rotation-journal.ts';
import type { RotationStart } from '../../../lib/ports/rotation-start.ts';
import type { Clock, Pause } from '../../../lib/ports/clock.ts';
import type { Targets } from '../../../lib/ports/targets.ts';
import type { ManagerCredentials } from '../../../lib/ports/vault.ts';
import { virtualClock, type VirtualClock } from '../../../local/clock.ts';
import { memoryRotationJournal, type MemoryRotationJournal } from '../memory-rotation-journal.ts';
import { memorySecrets, type MemorySecrets } from '../memory-secret-versions.ts';
import { eventJudge, type EventJudge } from './event-judge.ts';
import type { Disturbance, Site } from './fault.ts';
import { gitlabInProcess, type GitlabInProcess } from './gitlab-in-process.ts';
import { outward, type Outward } from './outward.ts';
import type { StepEvent } from './secrets-manager.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';
import { watchedFetch } from './watched-fetch.ts';
import { watchedPort } from './watched-ports.ts';

/** What the verbs get, each call of it seen. */
export interface MatrixPorts {
  versions: Pick<MemorySecrets, 'hook' | 'gitlab'>;
  journal: RotationJournal;
  targets: Pick<Targets, 'all'>;
  manager: () => Promise<ManagerCredentials>;
  start: RotationStart;
  clock: Clock;
  pause: Pause;
  /** ms left of this invocation */
  remaining: () => number;
  hookUrl: string;
}

/** The Lambdas' doings, over ports that belong to one invocation. */
export interface Verbs {
  rotate: (ports: MatrixPorts) => (event: StepEvent) => Promise<unknown>;
  tend: (ports: MatrixPorts) => () => Promise<unknown>;
}

export interface WorldSetting {
  secret: RotatedSecret;
  verbs: Verbs;
  targets: Targets['all'];
  manager: (of: { gitlab: GitlabInProcess['world']; secrets: MemorySecrets }) => ManagerCredentials;
  /** where GitLab sends hooks to */
  hookUrl: string;
  disturbance?: Disturbance | undefined;
  /** what somebody does where the disturbance says so */
  meddle: (world: RotationWorld) => void;
  /** ms that a call takes */
  latency: (site: Site) => number;
}

export interface RotationWorld {
  setting: WorldSetting;
  clock: VirtualClock;
  time: VirtualTime;
  gitlab: GitlabInProcess;
  secrets: MemorySecrets;
  journal: MemoryRotationJournal;
  calls: Outward;
  events: EventJudge;
  /** further looks, after each call and each slice of time */
  looks: (() => string[])[];
  /** what was seen that must not be, each once */
  violations: Set<string>;
  /** what verbs answered and raised: nothing of it may be secret */
  told: string[];
  invoke: (event: StepEvent) => Promise<unknown>;
  tend: () => Promise<unknown>;
  /** lets time pass between invocations */
  rest: (milliseconds: number) => Promise<void>;
  close: () => void;
}

export const secretNames = { hook: 'drawbridge-hook', gitlab: 'drawbridge-gitlab' } as const;

/** ms of one call, and of those that write a value: as slow as the rotation allows for. */
export const usualLatency = ({ operation }: Site): number => (operation === 'Secrets.fill' ? 2_000 : 200);
const invocationLimit = 180_000; // ms, the functions' timeout
const slice = 5_000; // ms

const toldBy = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error');

interface Running {
  setting: WorldSetting;
  world: Omit<RotationWorld, 'invoke' | 'tend' | 'close'>;
}

const portsOf = ({ setting, world }: Running): MatrixPorts => {
  const { calls, clock, time, secrets, gitlab, journal } = world;
  const began = clock.now();
  return {
    versions: {
      hook: watchedPort('Secrets', secrets.hook, calls),
      gitlab: watchedPort('Secrets', secrets.gitlab, calls),
    },
    journal: watchedPort('Journal', journal, calls),
    targets: watchedPort('Targets', { all: setting.targets }, calls),
    ...watchedPort(
      'Vault',
      { manager: () => Promise.resolve(setting.manager({ gitlab: gitlab.world, secrets })) },
      calls,
    ),
    ...watchedPort('Secrets', { start: (name: string) => Promise.reject(new Error(`${name}: started`)) }, calls),
    clock: () => new Date(clock.now()),
    pause: (milliseconds) => calls.wait(() => time.pause(milliseconds)),
    remaining: () => invocationLimit - (clock.now() - began),
    hookUrl: setting.hookUrl,
  };
};

/** One Lambda's run: what it tells is kept, and it may not take longer than it has. */
const invocation = async (running: Running, step: string, act: (ports: MatrixPorts) => Promise<unknown>) => {
  const { calls, clock, time, told, violations } = running.world;
  const began = clock.now();
  try {
    const output = await time.until(calls.invoke(step, () => act(portsOf(running))));
    told.push(JSON.stringify(output));
    return output;
  } catch (error) {
    told.push(toldBy(error));
    if (error instanceof Error && error.name === 'Unexpected') violations.add(`${step}: ${error.message}`);
    throw error;
  } finally {
    if (clock.now() - began > invocationLimit) violations.add(`${step} took longer than its function may`);
  }
};

const lookingOn = (world: () => RotationWorld) => async (): Promise<void> => {
  const { events, looks, violations, setting } = world();
  const ofEvents = setting.secret === 'hook' ? await events.look() : [];
  for (const violation of [...ofEvents, ...looks.flatMap((look) => look())]) violations.add(violation);
};

export const startRotationWorld = (setting: WorldSetting): RotationWorld => {
  const clock = virtualClock();
  const [gitlab, secrets, journal] = [gitlabInProcess(clock), memorySecrets(), memoryRotationJournal()];
  const seen = lookingOn(() => whole);
  const time = virtualTime(clock, { slice, seen });
  const secret = secretNames[setting.secret];
  const seeing = { secrets, secret, now: () => clock.now(), pause: time.pause };
  const events = eventJudge({ ...seeing, gitlab: gitlab.world, url: setting.hookUrl });
  const before = async (site: Site): Promise<void> => {
    if (setting.secret === 'hook' && site.operation === 'Secrets.fill')
      events.openSlowDoor('a door that read just before the value was written');
    await time.pause(setting.latency(site));
  };
  const calls = outward(
    {
      before,
      after: seen,
      meddle: () => {
        setting.meddle(whole);
      },
    },
    setting.disturbance,
  );
  const real = globalThis.fetch;
  globalThis.fetch = watchedFetch((input, init) => time.during(() => gitlab.fetch(input, init)), calls);
  const told: string[] = [];
  const violations = new Set<string>();
  const rest = (milliseconds: number): Promise<void> => time.until(time.pause(milliseconds));
  const world = { setting, clock, time, gitlab, secrets, journal, calls, events, looks: [], violations, told, rest };
  const running = { setting, world };
  const whole: RotationWorld = {
    ...world,
    invoke: (event) => invocation(running, event.step, (ports) => setting.verbs.rotate(ports)(event)),
    tend: () => invocation(running, 'tend-credentials', (ports) => setting.verbs.tend(ports)()),
    close: () => {
      globalThis.fetch = real;
    },
  };
  return whole;
};
