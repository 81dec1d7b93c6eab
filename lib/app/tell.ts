import { startAnnouncement, stepAnnouncement, type Announcement, type Step } from '../domain/announcement.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import type { Announcements } from '../ports/announcements.ts';
import type { Clock } from '../ports/clock.ts';

export interface TellPorts {
  announcements: Announcements;
  clock: Clock;
}

/** Tried once: who listens may miss it, but no deployment fails or waits for its news. */
const tell = async (announcements: Announcements, announcement: Announcement): Promise<void> => {
  try {
    await announcements.tell(announcement);
  } catch (error) {
    if (!(error instanceof DeployFailure)) throw error;
    announcements.lost(announcement, error);
  }
};

/** Tells that it is this deployment's turn. What is not taken is counted, and fails nothing. */
export const tellStart = ({ announcements, clock }: TellPorts, record: DeploymentRecord): Promise<void> =>
  tell(announcements, startAnnouncement(record, clock().toISOString()));

/** Tells of a step that is journalled. What is not taken is counted, and fails nothing. */
export const tellStep = ({ announcements, clock }: TellPorts, record: DeploymentRecord, step: Step): Promise<void> =>
  tell(announcements, stepAnnouncement(record, step, clock().toISOString()));
