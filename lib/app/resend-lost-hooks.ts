import { compareKeys } from '../domain/cause.ts';
import { isThrottled, Rejection } from '../domain/failure.ts';
import { lostHooks, type FailedHook, type LostHook } from '../domain/lost-hook.ts';
import type { HookFacts } from '../domain/plan-deployments.ts';
import { isFailing, type SentHook } from '../domain/sent-hook.ts';
import { targetLabel } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { HookJournal } from '../ports/hook-journal.ts';
import type { HookLog } from '../ports/hook-log.ts';
import type { Journal } from '../ports/journal.ts';
import type { HookTurn } from './hook-turn.ts';

export interface ResendPorts {
  log: HookLog;
  hookJournal: Pick<HookJournal, 'claim' | 'release'>;
  journal: Pick<Journal, 'queue'>;
  /** what a hook says, as the door reads it; raises Rejection */
  read: (body: unknown) => HookFacts;
  clock: Clock;
}

type Read = ResendPorts['read'];

const factsOf = (read: Read, body: unknown): HookFacts | undefined => {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof Rejection) return undefined;
    throw error;
  }
};

const readable = (read: Read, { event, key, body }: SentHook): FailedHook[] => {
  const facts = factsOf(read, body);
  return key === undefined || facts === undefined ? [] : [{ event, key, facts }];
};

/** Some target has not seen this cause, nor a newer one. */
const isNews = async ({ journal }: ResendPorts, { order, targets }: LostHook): Promise<boolean> => {
  for (const target of targets) {
    const { newestSeen } = (await journal.queue(target, targetLabel(target))).order;
    if (newestSeen === undefined || compareKeys(order, newestSeen) > 0) return true;
  }
  return false;
};

const lostAndNews = async (ports: ResendPorts, { project, targets }: HookTurn, hook: number): Promise<LostHook[]> => {
  const failed = await ports.log.failed(project, hook);
  const lost = lostHooks(
    failed.flatMap((sent) => readable(ports.read, sent)),
    targets,
    ports.clock(),
  );
  const news: LostHook[] = [];
  for (const one of lost) if (await isNews(ports, one)) news.push(one);
  return news;
};

/** Once claimed it counts as sent, whatever becomes of it; but for GitLab's word that it did nothing. */
const sendAgain = async (ports: ResendPorts, project: number, [hook, lost]: [number, LostHook]): Promise<boolean> => {
  try {
    return await ports.log.resend(project, hook, lost.event);
  } catch (error) {
    if (isThrottled(error)) await ports.hookJournal.release(project, lost.key);
    throw error;
  }
};

/**
 * Has GitLab send again what this hook has told in vain: each Idempotency-Key at most once ever, the newest cause of each target, and
 * only what the journal has not seen. Nothing over a hook that fails now; after a resend that fails nothing more in this turn. Raises
 * what the ports raise.
 */
export const resendLostHooks =
  (ports: ResendPorts) =>
  async (turn: HookTurn, hook: number): Promise<void> => {
    const { project, tally } = turn;
    const lost = await lostAndNews(ports, turn, hook);
    if (lost.length === 0 || isFailing(await ports.log.newest(project, hook))) return;
    for (const one of lost) {
      if (turn.left === 0) return;
      if (!(await ports.hookJournal.claim(project, one.key))) continue;
      turn.left -= 1;
      const arrived = await sendAgain(ports, project, [hook, one]);
      tally.resent += 1;
      if (!arrived) return;
    }
  };
