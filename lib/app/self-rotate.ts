import { RotationFailure } from '../domain/failure.ts';
import { newVersion, type BaseVersion } from '../domain/gitlab-version.ts';
import { versionLabelled } from '../domain/rotation.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import { isFresh, nextSelfStep, selfRotateLimit, type Sight } from '../domain/self-rotation.ts';
import { expiryOf } from '../domain/token-expiry.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { RotationJournal, RotationRecord } from '../ports/rotation-journal.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';
import { remember } from './remember.ts';

export interface SelfRotatePorts {
  versions: Pick<SecretVersions<GitlabDocument>, 'describe' | 'value' | 'fill'>;
  tokens: Pick<GitlabTokens, 'self' | 'rotateSelf'>;
  journal: RotationJournal;
  clock: Clock;
  pause: Pause;
  /** ms left of this invocation */
  remaining: () => number;
  rotationDays: number;
}

export interface SelfRotateInput {
  secret: string;
  /** the version that is to come */
  version: string;
  base: BaseVersion;
}

/** ms that must be left: for the call, and for keeping what it answers. */
const spare = selfRotateLimit + 30_000;

/** ms between two tries to keep a new token. */
const fillPause = 2_000;

const refused = (because: string): RotationFailure => new RotationFailure('RotationRefused', because);

const dead = (state: 'dead' | 'lost'): RotationFailure =>
  state === 'dead'
    ? new RotationFailure('TokenDead', 'GitLab no longer takes gitlab_token, and nothing of ours replaced it')
    : new RotationFailure('TokenLost', 'gitlab_token was replaced, and the new one was lost on its way to the secret');

const lookAt = async ({ tokens, clock }: SelfRotatePorts, token: string): Promise<Sight> => {
  const asked = clock();
  const alive = (await tokens.self(token)) !== undefined;
  return { alive, asked, answered: clock() };
};

/** ms that may be waited. Raises RotationRefused when there are none: the next try goes on from here. */
const timeToWait = ({ remaining }: SelfRotatePorts): number => {
  const left = remaining() - spare;
  if (left <= 0) throw refused('too little time is left to replace gitlab_token, or to learn whether it was replaced');
  return left;
};

/**
 * The journal's record, over which a new attempt may be written; undefined: the version got its value meanwhile. A record
 * that was read before GitLab said "alive" is still the journal's last if nobody made an attempt since, so only over that
 * one may be written; one that was read after "dead" knows of the attempt that killed the token.
 */
const recordToWriteOver = async (
  ports: SelfRotatePorts,
  input: SelfRotateInput,
): Promise<RotationRecord | undefined> => {
  for (;;) {
    const before = await ports.journal.read();
    const sight = await lookAt(ports, input.base.document.gitlab_token);
    const record = sight.alive ? before : await ports.journal.read();
    if ((await ports.versions.value(input.secret, input.version)) !== undefined) return undefined;
    const step = nextSelfStep(record.attempt, sight);
    if (step.do === 'attempt') return record;
    if (step.do === 'dead' || step.do === 'lost') throw dead(step.do);
    if (step.do === 'wait') await ports.pause(Math.min(step.milliseconds, timeToWait(ports)));
    else if (record.attempt !== undefined)
      await ports.journal.write({ ...record, attempt: { ...record.attempt, aliveAt: step.aliveAt } });
  }
};

/** Nothing was done yet: the next try begins with the changed secret, and could not once the old token is dead. */
const checkBase = async ({ versions }: SelfRotatePorts, { secret, base }: SelfRotateInput): Promise<void> => {
  const inUse = versionLabelled(await versions.describe(secret), 'AWSCURRENT');
  if (inUse !== base.version) throw refused('the secret was changed meanwhile; gitlab_token was left alone');
};

/** Writes that a call is about to be made. Raises RotationRefused when another one may be under way. */
const announce = async ({ journal, clock }: SelfRotatePorts, record: RotationRecord, base: string): Promise<void> => {
  const attempt = { base, at: clock().toISOString() };
  if (!(await journal.write({ ...record, attempt }))) throw refused('another rotation of gitlab_token is at work');
  if (!isFresh(attempt, clock())) throw refused('the journal took so long that another rotation may be at work');
};

/** Tried as long as there is time, whatever it fails with: the new token exists nowhere else. */
const keep = async (
  { versions, pause, remaining }: SelfRotatePorts,
  { secret, version }: SelfRotateInput,
  document: GitlabDocument,
): Promise<'filled' | 'taken'> => {
  for (;;) {
    try {
      return await versions.fill(secret, version, document);
    } catch (error) {
      if (remaining() <= 2 * fillPause) throw error;
      await pause(fillPause);
    }
  }
};

/** Forgets the attempt, whose outcome is known: its new token is kept. Raises what the journal raises. */
export const closeAttempt = (journal: RotationJournal): Promise<void> =>
  remember(journal, (whole) => {
    const { attempt, ...record } = whole;
    return attempt === undefined ? whole : record;
  });

/**
 * Has gitlab_token replace itself and keeps the new one as the version's value: the last resort, for GitLab revokes the old
 * one at once, and tells the new one once. Raises TokenDead, TokenLost (a person must make a token), RotationRefused (later
 * tries go on), and what its ports raise.
 */
export const selfRotate =
  (ports: SelfRotatePorts) =>
  async (input: SelfRotateInput): Promise<'filled' | 'taken'> => {
    const { base } = input;
    const record = await recordToWriteOver(ports, input);
    if (record === undefined) return 'taken';
    timeToWait(ports);
    await checkBase(ports, input);
    await announce(ports, record, base.version);
    const expiresAt = expiryOf(ports.clock(), ports.rotationDays);
    const access = await ports.tokens.rotateSelf(base.document.gitlab_token, expiresAt);
    const result = await keep(ports, input, newVersion({ base, access, madeAt: ports.clock() }));
    await closeAttempt(ports.journal);
    return result;
  };
