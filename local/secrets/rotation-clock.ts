import { randomUUID } from 'node:crypto';
import { rotationSteps } from '../../lib/domain/rotation.ts';
import type { Clock } from '../clock.ts';
import {
  checkPermission,
  describedSecret,
  invokeStep,
  labelledIn,
  labelPending,
  RotationRefusal,
  takeOffPending,
  type DescribedSecret,
  type Invocation,
  type RotationClients,
} from './rotation-calls.ts';
import type { RotationView, StepView } from './rotation-views.ts';

/** How a secret is to be rotated, as RotateSecret was told it. */
export interface RotationSetting {
  RotationLambdaARN: string;
  RotationRules: Record<string, unknown>;
}

/** RotateSecret's input. */
export interface RotationAsked extends Partial<RotationSetting> {
  SecretId: string;
  ClientRequestToken?: string;
  RotateImmediately?: boolean;
}

export interface RotationClock {
  /** RotateSecret: answers once the rotation has begun. Raises RotationRefusal, and what the local AWS refuses. */
  rotate: (asked: RotationAsked) => Promise<{ ARN: string; Name: string; VersionId: string }>;
  /** Says how a secret is rotated, and begins nothing: what a RotationSchedule with RotateImmediatelyOnUpdate false leaves. */
  configure: (name: string, setting: RotationSetting) => void;
  /** CancelRotateSecret: nothing is begun any more. Raises what the local AWS refuses. */
  cancel: (secretId: string) => Promise<{ ARN: string; Name: string }>;
  settingOf: (name: string) => RotationSetting | undefined;
  /** oldest first; grows */
  rotations: readonly RotationView[];
  /** Begins no further step, and waits for those under way. */
  close: () => Promise<void>;
}

/**
 * World seconds until a rotation that failed begins again from createSecret with the same version. AWS says only that it
 * does; it waits longer.
 */
const retryAfter = 20;

const unfinished = "A previous rotation isn't complete. That rotation will be reattempted.";

interface Running {
  clients: RotationClients;
  clock: Clock;
  settings: Map<string, RotationSetting>;
  rotations: RotationView[];
  /** by the secret's name */
  underWay: Map<string, Promise<void>>;
  /** ends the rests before a retry */
  wakes: Set<() => void>;
  closed: boolean;
}

type Called = Omit<Invocation, 'step'>;

const rest = ({ clock, wakes }: Running): Promise<void> =>
  new Promise((resolve) => {
    wakes.add(resolve);
    clock.after(retryAfter * 1_000, resolve);
  });

const take = async ({ clients }: Running, rotation: RotationView, invocation: Invocation): Promise<boolean> => {
  const view: StepView = { step: invocation.step, began: Date.now() };
  rotation.steps.push(view);
  const error = await invokeStep(clients, invocation).catch((raised: unknown) =>
    raised instanceof Error ? raised.name : String(raised),
  );
  view.ended = Date.now();
  if (error !== undefined) view.error = error;
  return error === undefined;
};

const takeAll = async (running: Running, rotation: RotationView, called: Called): Promise<boolean> => {
  for (const step of rotationSteps)
    if (running.closed || !(await take(running, rotation, { ...called, step }))) return false;
  return true;
};

/** Until it is done, or given up by whoever took the label off. */
const follow = async (running: Running, rotation: RotationView, called: Called): Promise<void> => {
  while (!running.closed) {
    if (await takeAll(running, rotation, called)) {
      rotation.end = 'promoted';
      return;
    }
    if (labelledIn(await describedSecret(running.clients, called.arn), 'AWSPENDING') !== called.version) {
      rotation.end = 'given up';
      return;
    }
    await rest(running);
  }
};

/** What RotateImmediately false asks for. */
const test = async (running: Running, rotation: RotationView, called: Called): Promise<void> => {
  await take(running, rotation, { ...called, step: 'testSecret' });
  await takeOffPending(running.clients, called.arn, called.version);
  rotation.end = 'tested';
};

const begin = (
  running: Running,
  act: typeof follow,
  { secret, version }: { secret: DescribedSecret; version: string },
) => {
  const { rotations, underWay, settings } = running;
  const { arn, name } = secret;
  const rotation: RotationView = { secret: name, version, began: Date.now(), steps: [] };
  rotations.push(rotation);
  const lambdaArn = settings.get(name)?.RotationLambdaARN ?? '';
  const work = act(running, rotation, { arn, lambdaArn, version }).finally(() => underWay.delete(name));
  underWay.set(name, work);
  // Its end is in its view, or missing there.
  work.catch(() => undefined);
};

const setAsked = ({ settings }: Running, name: string, asked: RotationAsked): RotationSetting => {
  const before = settings.get(name);
  const RotationLambdaARN = asked.RotationLambdaARN ?? before?.RotationLambdaARN;
  if (RotationLambdaARN === undefined)
    throw new RotationRefusal(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    );
  const setting = { RotationLambdaARN, RotationRules: asked.RotationRules ?? before?.RotationRules ?? {} };
  settings.set(name, setting);
  return setting;
};

/** An older rotation goes before: one that nobody follows any more is taken up again. */
const refuseBeside = (running: Running, secret: DescribedSecret): void => {
  const pending = labelledIn(secret, 'AWSPENDING');
  if (pending === undefined || pending === labelledIn(secret, 'AWSCURRENT')) return;
  if (!running.underWay.has(secret.name)) begin(running, follow, { secret, version: pending });
  throw new RotationRefusal('InvalidRequestException', unfinished);
};

const rotate = async (running: Running, asked: RotationAsked): ReturnType<RotationClock['rotate']> => {
  const { clients } = running;
  const secret = await describedSecret(clients, asked.SecretId);
  const version = asked.ClientRequestToken ?? randomUUID();
  const answer = { ARN: secret.arn, Name: secret.name, VersionId: version };
  if (secret.labels[version] !== undefined) return answer;
  await checkPermission(clients, setAsked(running, secret.name, asked).RotationLambdaARN);
  refuseBeside(running, secret);
  await labelPending(clients, secret, version);
  begin(running, asked.RotateImmediately === false ? test : follow, { secret, version });
  return answer;
};

/** Secrets Manager's own part in rotations, which MiniStack has not: it labels, calls the steps, and begins again. */
export const createRotationClock = (clients: RotationClients, clock: Clock): RotationClock => {
  const running: Running = {
    ...{ clients, clock, settings: new Map<string, RotationSetting>(), rotations: [] },
    ...{ underWay: new Map<string, Promise<void>>(), wakes: new Set<() => void>(), closed: false },
  };
  const { settings, rotations, underWay, wakes } = running;
  return {
    rotate: (asked) => rotate(running, asked),
    configure: (name, setting) => settings.set(name, setting),
    cancel: async (secretId) => {
      const { arn, name } = await describedSecret(clients, secretId);
      settings.delete(name);
      return { ARN: arn, Name: name };
    },
    settingOf: (name) => settings.get(name),
    rotations,
    close: async () => {
      running.closed = true;
      for (const wake of wakes) wake();
      await Promise.allSettled(underWay.values());
    },
  };
};
