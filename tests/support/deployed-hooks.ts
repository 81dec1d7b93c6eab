import type { Delivery } from '../../local/gitlab/delivery.ts';
import { gitlab, until } from './deployed.ts';

/** Single hooks: what GitLab sent, what our door said to it, and hooks with the right token that say what nobody did. */

type Payload = Record<string, unknown> & {
  project: object;
  object_attributes: { id: number; finished_at: string | null };
  build_id?: number;
};

/** What a hook said, e-mail addresses apart. */
export const payloadOf = ({ requestData }: Delivery): Payload => requestData as Payload;

/** The hook about this pipeline or job that GitLab sent last. */
export const hookAbout = async (
  project: number,
  { kind, id }: { kind: 'pipeline' | 'job'; id: number },
): Promise<Delivery> => {
  const isAbout = (delivery: Delivery): boolean =>
    kind === 'job'
      ? delivery.trigger === 'job_events' && payloadOf(delivery).build_id === id
      : delivery.trigger === 'pipeline_events' && payloadOf(delivery).object_attributes.id === id;
  return until(`a hook about ${kind} ${id} of project ${project}`, async () => {
    await gitlab.idle();
    return (await gitlab.deliveries({ project })).findLast(isAbout);
  });
};

/** The execution that our door said had begun; '' when it began none. */
export const startedBy = ({ responseBody }: Delivery): string => {
  const { started = [] } = JSON.parse(responseBody) as { started?: { execution: string }[] };
  return started[0]?.execution ?? '';
};

/** Our door's answer in short. */
export const answered = ({ responseStatus, responseBody }: Delivery): string =>
  responseStatus === 202 ? '202' : `${responseStatus} ${responseBody}`;

/** Sends one more hook, by GitLab's own sender and so with the right token, that says this. */
export const say = (hook: number, payload: object, trigger: Delivery['trigger'] = 'pipeline_events') =>
  gitlab.sendRaw({ hook, body: JSON.stringify(payload), trigger });
