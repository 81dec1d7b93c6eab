import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { OciAnswer } from '../../oci/oci-call.ts';
import { hasGone, type Given } from '../../oci/registry-handler.ts';
import { insteadOf, twisted } from './faulty-answer.ts';
import type { RegistryFault, RegistryFaults } from './registry-faults.ts';
import type { RegistryLog, RegistryRequest } from './registry-log.ts';
import { sendAnswer } from './send-answer.ts';

/** The origins that belong to the registry: itself, GitLab for the login, object storage. */
export type RegistryServer = RegistryRequest['server'];

/** What each answers when no fault says otherwise. */
export type TrueAnswers = Record<RegistryServer, (request: IncomingMessage) => Given | Promise<Given>>;

export type ServeRegistry = (
  server: RegistryServer,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

export interface FaultyServing {
  clock: Clock;
  faults: RegistryFaults;
  log: RegistryLog;
  answers: TrueAnswers;
}

interface Asked {
  server: RegistryServer;
  request: IncomingMessage;
  fault: RegistryFault | undefined;
}

const answerTo = async ({ clock, answers }: FaultyServing, { server, request, fault }: Asked): Promise<OciAnswer> => {
  if (fault?.kind === 'slow') {
    await new Promise<void>((resolve) => {
      clock.after(fault.seconds * 1000, resolve);
    });
  }
  if (fault?.kind === 'ignore range') Reflect.deleteProperty(request.headers, 'range');
  const instead = insteadOf(fault);
  if (instead !== undefined) return instead;
  const given = await answers[server](request);
  if (given === 'cut') throw new Error("GitLab's registry cuts no connection by itself");
  return twisted(fault, given);
};

/** Answers requests as far as the faults let it, and keeps a record of each. Raises defects only. */
export const serveWithFaults =
  (serving: FaultyServing): ServeRegistry =>
  async (server, request, response) => {
    const { faults, log } = serving;
    const entry = log.begin(server, request);
    const fault = faults.hit(entry.method, entry.path.split('?')[0] ?? '');
    if (fault !== undefined) entry.fault = fault.kind;
    if (fault?.kind === 'reset') {
      entry.status = 'cut';
      request.socket.resetAndDestroy();
      return;
    }
    try {
      const answer = await answerTo(serving, { server, request, fault });
      await sendAnswer({ request, response, entry, fault, faults }, answer);
    } catch (error) {
      if (!hasGone(request)) throw error;
    }
  };
