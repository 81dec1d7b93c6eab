import { setTimeout as sleep } from 'node:timers/promises';
import type { GitlabControl } from '../gitlab/control.ts';
import type { Delivery } from '../gitlab/delivery.ts';

/** One hook that GitLab sent, and what came of it. Times are ms since the epoch, real time. */
export interface SentHook {
  sentAt: number;
  answeredAt: number;
  project: number;
  status: Delivery['responseStatus'];
  fingerprints: Delivery['fingerprints'];
}

export interface HookStream {
  /** those that were answered, in the order of their answers; grows */
  sent: readonly SentHook[];
  /** Sends no more, and waits for the answers. Raises why one could not be sent. */
  stop: () => Promise<void>;
}

/** What is sent again and again by GitLab's own sender, with the tokens that its hook has then. */
export interface Streamed {
  hook: number;
  body: string;
}

const sendOne = async (gitlab: Pick<GitlabControl, 'sendRaw'>, streamed: Streamed): Promise<SentHook> => {
  const sentAt = Date.now();
  const { project, responseStatus: status, fingerprints } = await gitlab.sendRaw(streamed);
  return { sentAt, answeredAt: Date.now(), project, status, fingerprints };
};

/** As many as Sidekiq has threads for it here: a slow machine gets fewer hooks, not more and more at once. */
const atOnce = 4;

/** Sends these in turn, one every `every` ms of real time, or as soon as fewer than four are under way. */
export const startHookStream = (
  gitlab: Pick<GitlabControl, 'sendRaw'>,
  streamed: readonly Streamed[],
  every: number,
): HookStream => {
  const sent: SentHook[] = [];
  const underWay = new Set<Promise<void>>();
  let stopped = false;
  const stream = async (): Promise<void> => {
    for (let turn = 0; !stopped; turn += 1) {
      const next = streamed[turn % streamed.length];
      if (next === undefined) return;
      const one = sendOne(gitlab, next).then((answered) => {
        sent.push(answered);
        underWay.delete(one);
      });
      // One that could not be sent stays among them, and ends the stream.
      one.catch(() => undefined);
      underWay.add(one);
      await Promise.all([sleep(every), underWay.size < atOnce ? undefined : Promise.race(underWay)]);
    }
    await Promise.all(underWay);
  };
  const streaming = stream();
  streaming.catch(() => undefined);
  return {
    sent,
    stop: () => {
      stopped = true;
      return streaming;
    },
  };
};
