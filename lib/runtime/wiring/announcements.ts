import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridgeAnnouncements } from '../../adapters/aws/event-bridge-announcements.ts';
import type { Announcements } from '../../ports/announcements.ts';
import { setting } from '../config.ts';
import { announcementLost } from '../log.ts';
import { clientOptions } from './client-options.ts';

const by = (client: EventBridgeClient): Announcements => ({
  ...eventBridgeAnnouncements(client, setting('STATE_MACHINE_ARN')),
  lost: announcementLost,
});

/** For ends, which are told at least once. */
export const announcements = (): Announcements => by(new EventBridgeClient(clientOptions()));

/** For what goes on: one try of at most two seconds, because the deployment waits meanwhile. */
export const briefAnnouncements = (): Announcements => {
  const requestHandler = { ...clientOptions().requestHandler, requestTimeout: 2_000 };
  return by(new EventBridgeClient({ ...clientOptions(), maxAttempts: 1, requestHandler }));
};
