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

/** Sends these in turn, one every `every` ms of real time, whatever the answers. */
export const startHookStream = (
  gitlab: Pick<GitlabControl, 'sendRaw'>,
  streamed: readonly Streamed[],
  every: number,
): HookStream => {
  const sent: SentHook[] = [];
  const underWay = new Set<Promise<unknown>>();
  let stopped = false;
  const stream = async (): Promise<void> => {
    for (let turn = 0; !stopped; turn += 1) {
      const next = streamed[turn % streamed.length];
      if (next === undefined) return;
      const one = sendOne(gitlab, next).then((answered) => sent.push(answered));
      underWay.add(one);
      void one.finally(() => underWay.delete(one)).catch(() => undefined);
      await sleep(every);
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
