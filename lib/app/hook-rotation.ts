import { RotationFailure } from '../domain/failure.ts';
import {
  hookTokens,
  nextHookDocument,
  pendingHook,
  type HookTokens,
  type PendingHook,
} from '../domain/hook-documents.ts';
import { judgeStep, versionLabelled, type SecretDescription } from '../domain/rotation.ts';
import type { HookDocument } from '../domain/rotation-documents.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { RotationJournal, RotationRecord } from '../ports/rotation-journal.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';
import {
  addMissingHooks,
  findHooks,
  setHooks,
  testHooks,
  type HookProject,
  type HookProjectsPorts,
} from './hook-projects.ts';
import { clearPending, promoteVersion } from './promote-version.ts';
import { remember } from './remember.ts';
import type { Rotation, RotationInput, StepResult } from './rotation.ts';

export interface HookRotationPorts extends HookProjectsPorts {
  versions: SecretVersions<HookDocument>;
  journal: RotationJournal;
  clock: Clock;
  pause: Pause;
  randomBytes: (count: number) => Uint8Array;
  /**
   * ms. `settle`: from when a value was made until every door knows it. `drain`: until hooks that GitLab sent before a change
   * have arrived (it gives up each after 10 s).
   */
  waits: { settle: number; drain: number };
}

const there = 'there already';

const isPending = ({ labels }: SecretDescription, version: string): boolean =>
  (labels[version] ?? []).includes('AWSPENDING');

const withoutPlainNext = (record: RotationRecord): RotationRecord => {
  const { plainNext, ...rest } = record;
  return plainNext === undefined ? record : rest;
};

const currentDocument = async (
  { versions }: HookRotationPorts,
  { secret, description }: RotationInput,
): Promise<HookDocument | undefined> => {
  const current = versionLabelled(description, 'AWSCURRENT');
  return current === undefined ? undefined : versions.value(secret, current);
};

const readPending = async ({ versions }: HookRotationPorts, { secret, version }: RotationInput): Promise<PendingHook> =>
  pendingHook(await versions.value(secret, version), version);

/** A signing token is only made when GitLab has shown on every hook of ours that it knows of such, and has not lost one before. */
const knowsSigning = async (ports: HookRotationPorts): Promise<boolean> => {
  const hooks = (await findHooks(ports)).flatMap(({ ours }) => ours);
  if (hooks.length === 0 || hooks.some(({ signing }) => signing === undefined)) return false;
  return (await ports.journal.read()).plainNext === undefined;
};

const createSecret = async (ports: HookRotationPorts, input: RotationInput): Promise<StepResult> => {
  const { secret, version, description } = input;
  if ((await ports.versions.value(secret, version)) !== undefined) return there;
  const base = versionLabelled(description, 'AWSCURRENT');
  const current = (await currentDocument(ports, input)) ?? {};
  const signed = await knowsSigning(ports);
  const making = { base, signed, madeAt: ports.clock(), random: ports.randomBytes };
  const result = await ports.versions.fill(secret, version, nextHookDocument(current, making));
  if (result === 'taken') return there;
  return signed ? 'made, with a signing token' : 'made, without a signing token';
};

const addAndSet = async (
  ports: HookRotationPorts,
  projects: readonly HookProject[],
  tokens: HookTokens,
): Promise<void> => {
  const values = { url: ports.hookUrl, ...tokens };
  await addMissingHooks(ports, projects, values);
  await setHooks(ports, projects, values);
};

/**
 * Gives the rotation up: every hook of ours back to what AWSCURRENT says, which doors always accept, and only then, when nothing
 * sent before is under way any more, AWSPENDING off. Whoever comes second leaves all as it is, for the next rotation may have begun.
 */
const giveUp = async (ports: HookRotationPorts, input: RotationInput): Promise<void> => {
  const { versions, waits, hookUrl: url } = ports;
  const { secret, version } = input;
  const description = await versions.describe(secret);
  if (!isPending(description, version)) return;
  const tokens = hookTokens(await currentDocument(ports, { ...input, description }));
  if (tokens !== undefined) {
    await setHooks(ports, await findHooks(ports), { url, ...tokens });
    await ports.pause(waits.drain);
  }
  await versions.takeOff(secret, version);
};

const baseChanged = async (ports: HookRotationPorts, input: RotationInput): Promise<RotationFailure> => {
  // It may have changed just now: every door must know what the hooks are put back to.
  await ports.pause(ports.waits.settle);
  await giveUp(ports, input);
  return new RotationFailure('BaseChanged', 'AWSCURRENT has been changed since this version was made');
};

const signingUnsupported = async (ports: HookRotationPorts, input: RotationInput): Promise<RotationFailure> => {
  await remember(ports.journal, (record) => ({ ...record, plainNext: true }));
  await giveUp(ports, input);
  return new RotationFailure('SigningUnsupported', 'GitLab does not keep the signing token that a hook was given');
};

/**
 * A new signing token goes first, beside the old plain token: should GitLab not keep it, its hooks are still what AWSCURRENT
 * accepts. Answers the hooks as they are then.
 */
const setSigningFirst = async (
  ports: HookRotationPorts,
  input: RotationInput,
  { tokens }: PendingHook,
): Promise<HookProject[]> => {
  const current = hookTokens(await currentDocument(ports, input));
  await addAndSet(ports, await findHooks(ports), { ...tokens, token: current?.token ?? tokens.token });
  const projects = await findHooks(ports);
  const kept = projects.flatMap(({ ours }) => ours).every(({ signing }) => signing === true);
  if (!kept) throw await signingUnsupported(ports, input);
  return projects;
};

const setSecret = async (ports: HookRotationPorts, input: RotationInput): Promise<StepResult> => {
  const { secret, version } = input;
  const pending = await readPending(ports, input);
  const settling = pending.madeAt + ports.waits.settle - ports.clock().getTime();
  if (settling > 0) await ports.pause(settling);
  // Much may have happened meanwhile.
  const description = await ports.versions.describe(secret);
  const judged = judgeStep(description, { version, step: 'setSecret' });
  if (judged === 'already current') return judged;
  const now = { ...input, description };
  if (versionLabelled(description, 'AWSCURRENT') !== pending.base) throw await baseChanged(ports, now);
  const { tokens } = pending;
  const first = tokens.signingToken !== undefined;
  const projects = first ? await setSigningFirst(ports, now, pending) : await findHooks(ports);
  await addAndSet(ports, projects, tokens);
  return `set in ${projects.length} projects`;
};

/**
 * Proves it by hooks that GitLab sends. A version without a value is Secrets Manager's trial of a new configuration, of which
 * this is the only step: then AWSCURRENT is tested, if there is anything in it yet.
 */
const testSecret = async (ports: HookRotationPorts, input: RotationInput): Promise<StepResult> => {
  const pending = await ports.versions.value(input.secret, input.version);
  if (hookTokens(pending ?? (await currentDocument(ports, input))) === undefined) return 'not filled yet';
  if (pending !== undefined) await ports.pause(ports.waits.drain);
  return `proven by ${await testHooks(ports, await findHooks(ports))} hooks`;
};

const finishSecret = async (ports: HookRotationPorts, input: RotationInput): Promise<StepResult> => {
  const { description } = input;
  const { base, tokens } = await readPending(ports, input);
  if (versionLabelled(description, 'AWSCURRENT') !== base) throw await baseChanged(ports, input);
  const result = await promoteVersion(ports.versions, input, base);
  if (tokens.signingToken === undefined) await remember(ports.journal, withoutPlainNext);
  await clearPending({ ...ports, drain: ports.waits.drain }, input);
  return result;
};

/**
 * The rotation of what GitLab sends with its hooks. At each moment every hook of ours carries what AWSCURRENT or AWSPENDING
 * accepts. Raises RotationFailure RotationRefused, BaseChanged, SigningUnsupported, OutOfReach, GitLabRefused, NotProven;
 * DeployFailure GitLabUnavailable, AwsUnavailable, AwsRefused, Misconfigured.
 */
export const hookRotation = (ports: HookRotationPorts): Rotation => ({
  createSecret: (input) => createSecret(ports, input),
  setSecret: (input) => setSecret(ports, input),
  testSecret: (input) => testSecret(ports, input),
  finishSecret: (input) => finishSecret(ports, input),
});
